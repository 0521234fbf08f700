using System.Net;
using System.Runtime.CompilerServices;
using System.Text;
using Countersign.Configuration;
using Countersign.Native;
using Countersign.Proxy.Accept;

namespace Countersign.Proxy.Identify.Ocsp;

/// <summary>One question to a responder: to one of its addresses after the other, until one has a response. In nginx's log.</summary>
internal sealed class OcspFetch(Client client, OcspResponderPlan responder, bool hasResolver, long deadline, bool isWatched)
{
    private EndPoint? _peer;

    /// <summary>Why there was no response.</summary>
    public string Failure { get; private set; } = "";

    /// <returns>The body of the response; null with a failure, or when the client has gone.</returns>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    public async ValueTask<byte[]?> RunAsync(byte[] question)
    {
        var isUnknown = responder.IsNamed && !hasResolver;
        if (responder.Addresses.Count == 0)
        {
            Failure = isUnknown ? NoResolver : $"{responder.Host} could not be resolved: names in certificates are not looked up";
            Report(Failure);
            return null;
        }
        if (isUnknown)
        {
            Report(NoResolver, level: LogLevel.Warn);
        }
        var request = Request(question);
        foreach (var address in responder.Addresses)
        {
            _peer = address;
            var dialogue = new OcspDialogue(client, address, deadline, isWatched);
            var body = await dialogue.RunAsync(request);
            if (body is not null || client.Channel.Descriptor < 0)
            {
                return body;
            }
            Failure = dialogue.Error == 0 ? dialogue.Failure : $"{dialogue.Failure} ({dialogue.Error}: {Errno.Text(dialogue.Error)})";
            if (dialogue.IsBroken)
            {
                // nginx learns of a failed connect from its first recv().
                Report("recv() failed", dialogue.Error);
                Report("OCSP responder prematurely closed connection");
            }
            else if (dialogue.Logged is { } logged)
            {
                Report(logged, dialogue.Error);
            }
        }
        return null;
    }

    public void Report(string problem, int error = 0, LogLevel level = LogLevel.Error)
    {
        var what = error == 0 ? problem : $"{problem} ({error}: {Errno.Text(error)})";
        client.Log.Write(level,
            $"{what} while requesting certificate status, responder: {responder.Host}{(_peer is null ? "" : $", peer: {ListeningSocket.AddressOf(_peer)}")}",
            withContext: false);
    }

    private string NoResolver => $"no resolver defined to resolve {responder.Host}";

    private byte[] Request(byte[] question) => Encoding.Latin1.GetBytes(
        $"GET {responder.Uri}{(responder.Uri.EndsWith('/') ? "" : "/")}{Uri.EscapeDataString(Convert.ToBase64String(question))} HTTP/1.0\r\nHost: {responder.Host}\r\n\r\n");
}
