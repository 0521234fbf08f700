using System.Runtime.CompilerServices;
using Countersign.Configuration;
using Countersign.Native;
using Countersign.Proxy.Accept;

namespace Countersign.Proxy.Identify.Ocsp;

/// <summary>ssl_ocsp: nginx's <c>ngx_ssl_ocsp_validate</c>, between the handshake and the first request, of a resumed session as of a new one.</summary>
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
        var context = client.Tls!.Context!;
        client.Log.Action = "SSL handshaking";
        // As under nginx the time is the client's own, to the end of its first head; a tenth of it is left to read that and to answer.
        var left = client.FirstHeadDeadline - client.Worker.Loop.Now;
        client.Status = await new OcspQuestions(client, client.Generation, (ServerPlan)context.Tag!, context, Deadline(client, left)).AskAsync();
        return client.Channel.Descriptor >= 0;
    }

    /// <param name="milliseconds">Of the client's patience.</param>
    private static long Deadline(Client client, long milliseconds) => client.Worker.Loop.Now + Math.Clamp(milliseconds * 9 / 10, 0, MostMilliseconds);
}
