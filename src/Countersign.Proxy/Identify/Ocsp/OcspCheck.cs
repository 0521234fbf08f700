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
        // As under nginx the time is the client's own, to the end of its first head.
        var time = client.FirstHeadDeadline - client.Worker.Loop.Now;
        await AskAsync(client, client.Generation, (ServerPlan)context.Tag!, context, time, isWatched: true);
        return client.Channel.Descriptor >= 0;
    }

    /// <summary>By another plan than the one that the client was accepted under.</summary>
    /// <inheritdoc cref="OcspQuestions"/>
    public static ValueTask RunAsync(Client client, Generation generation, ServerPlan server, TlsServerContext context, bool isWatched) =>
        AskAsync(client, generation, server, context, (long)server.Settings.ClientHeaderTimeout.TotalMilliseconds, isWatched);

    [AsyncMethodBuilder(typeof(LoopMethodBuilder))]
    private static async ValueTask AskAsync(Client client, Generation generation, ServerPlan server, TlsServerContext context, long milliseconds, bool isWatched)
    {
        // A tenth is left to answer the client.
        var deadline = client.Worker.Loop.Now + Math.Clamp(milliseconds * 9 / 10, 0, MostMilliseconds);
        client.Status = await new OcspQuestions(client, generation, server, context, deadline, isWatched).AskAsync();
        client.Confirmed = client.Status is null && client.Channel.Descriptor >= 0 ? server.Ssl.Ocsp : null;
    }
}
