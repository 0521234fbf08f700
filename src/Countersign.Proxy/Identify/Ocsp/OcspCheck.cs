using System.Net;
using System.Runtime.CompilerServices;
using System.Text;
using Countersign.Configuration;
using Countersign.Native;
using Countersign.Proxy.Accept;

namespace Countersign.Proxy.Identify.Ocsp;

/// <summary>
/// ssl_ocsp: nginx's <c>ngx_ssl_ocsp_validate</c>, between the handshake and the first request, of a resumed session as of a new one. Whatever
/// goes wrong on the way is a certificate that nobody vouches for.
/// </summary>
internal static class OcspCheck
{
    // However long client_header_timeout is.
    private const int MostMilliseconds = 60_000;

    /// <summary>Whether the server of the handshake asks, and libssl found nothing already.</summary>
    public static bool IsWanted(Client client) =>
        client.Tls is { Context.Tag: ServerPlan { Ssl.Ocsp: not null }, HasPeerCertificate: true, VerifyResult: TlsVerification.Ok };

    /// <returns>False when the client is gone; otherwise <see cref="Client.Status"/> says why it is to be refused, if it is.</returns>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    public static async ValueTask<bool> RunAsync(Client client)
    {
        var plan = ((ServerPlan)client.Tls!.Context!.Tag!).Ssl.Ocsp!;
        var deadline = Deadline(client);
        client.Log.Action = "SSL handshaking";
        using var path = TlsOcspPath.Of(client.Tls);
        if (path is null)
        {
            client.Log.Write(LogLevel.Error, "X509_verify_cert() failed");
            client.Status = new OcspOutcome { Depth = 0, Failure = "X509_verify_cert() failed" };
            return true;
        }
        var count = plan.LeafOnly ? Math.Min(1, path.Count - 1) : path.Count - 1;
        for (var depth = 0; depth < count && client.Status is null; depth++)
        {
            client.Status = await AskAsync(client, plan, path, depth, deadline);
            if (client.Channel.Descriptor < 0)
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>As nginx prints an address in its log.</summary>
    public static string Text(EndPoint address) => ListeningSocket.AddressOf(address).ToString() ?? "";

    /// <returns>Null for a certificate that is good.</returns>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private static async ValueTask<OcspOutcome?> AskAsync(Client client, OcspPlan plan, TlsOcspPath path, int depth, long deadline)
    {
        var outcome = new OcspOutcome { Depth = depth, Certificate = path.Der(depth), Responder = plan.Responder?.Url ?? path.ResponderOf(depth) };
        if (ResponderOf(plan, outcome, out var problem) is not { } responder)
        {
            client.Log.Write(LogLevel.Error, problem);
            return outcome with { Failure = problem };
        }
        var cache = client.Generation.Ocsp.Of(plan);
        var key = cache is null ? null : path.KeyOf(depth);
        if (cache is not null && key is null)
        {
            return outcome with { Failure = "the serial number is longer than 20 octets" };
        }
        if (key is not null && cache!.Find(key) is { } known)
        {
            return known.Status == TlsOcspStatus.Good ? null : outcome with { Answer = known, IsRemembered = true };
        }
        var (body, failure) = await FetchAsync(client, responder, path.Question(depth), deadline);
        if (body is null || client.Channel.Descriptor < 0)
        {
            return outcome with { Failure = failure };
        }
        if (path.Answer(depth, body, out problem) is not { } answer)
        {
            Report(client, responder, null, problem, 0);
            return outcome with { Failure = problem };
        }
        if (key is not null)
        {
            cache!.Add(key, answer);
        }
        return answer.Status == TlsOcspStatus.Good ? null : outcome with { Answer = answer };
    }

    /// <summary>One address after the other, until one has a response.</summary>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private static async ValueTask<(byte[]? Body, string Failure)> FetchAsync(Client client, OcspResponderPlan responder, byte[] question, long deadline)
    {
        if (responder.Addresses.Count == 0)
        {
            var failure = $"no resolver defined to resolve {responder.Host}";
            Report(client, responder, null, failure, 0);
            return (null, failure);
        }
        var request = Request(responder, question);
        var last = "";
        foreach (var address in responder.Addresses)
        {
            var dialogue = new OcspDialogue(client, address, deadline);
            if (await dialogue.RunAsync(request) is { } body)
            {
                return (body, "");
            }
            if (client.Channel.Descriptor < 0)
            {
                break;
            }
            last = dialogue.Error == 0 ? dialogue.Failure : $"{dialogue.Failure} ({dialogue.Error}: {Errno.Text(dialogue.Error)})";
            if (dialogue.IsBroken)
            {
                // nginx learns of a failed connect from its first recv().
                Report(client, responder, address, "recv() failed", dialogue.Error);
                Report(client, responder, address, "OCSP responder prematurely closed connection", 0);
            }
            else
            {
                Report(client, responder, address, dialogue.Failure, dialogue.Error);
            }
        }
        return (null, last);
    }

    private static OcspResponderPlan? ResponderOf(OcspPlan plan, OcspOutcome outcome, out string problem)
    {
        problem = "";
        if (plan.Responder is not null)
        {
            return plan.Responder;
        }
        if (outcome.Responder is null)
        {
            problem = "no OCSP responder URL in certificate";
            return null;
        }
        var responder = OcspResponderPlan.Parse(outcome.Responder, null, out problem);
        problem = responder is null ? problem + " in certificate" : problem;
        return responder;
    }

    private static byte[] Request(OcspResponderPlan responder, byte[] question) => Encoding.Latin1.GetBytes(
        $"GET {responder.Uri}{(responder.Uri.EndsWith('/') ? "" : "/")}{Uri.EscapeDataString(Convert.ToBase64String(question))} HTTP/1.0\r\nHost: {responder.Host}\r\n\r\n");

    private static void Report(Client client, OcspResponderPlan responder, EndPoint? peer, string problem, int error)
    {
        var what = error == 0 ? problem : $"{problem} ({error}: {Errno.Text(error)})";
        client.Log.Write(LogLevel.Error,
            $"{what} while requesting certificate status, responder: {responder.Host}{(peer is null ? "" : $", peer: {Text(peer)}")}", withContext: false);
    }

    // As under nginx the time is the client's own, to the end of its first head; a tenth of it is left to read that and to answer.
    private static long Deadline(Client client)
    {
        var now = client.Worker.Loop.Now;
        return now + Math.Clamp((client.FirstHeadDeadline - now) * 9 / 10, 0, MostMilliseconds);
    }
}
