using Countersign.Configuration;
using Countersign.Native;
using Countersign.Proxy.Accept;
using Countersign.Proxy.Handshake;

namespace Countersign.Proxy.Identify;

/// <summary>
/// Turns libssl's result into a verdict, and a verdict into what the server addressed makes of it. The verification itself is
/// libssl's, done in the handshake under nginx's flags; nothing here grants anything.
/// </summary>
public static class ClientCheck
{
    private static readonly AbsentClient Absent = new();
    private static readonly VerifiedClient Verified = new();

    /// <summary>After the handshake. A connection without TLS has no client to speak of.</summary>
    public static ClientVerdict Identify(Client client)
    {
        if (client.Tls is not { HasPeerCertificate: true } tls)
        {
            return Absent;
        }
        return tls.VerifyResult == TlsVerification.Ok ? Verified : new RefusedClient(tls.VerifyResult);
    }

    /// <summary>nginx's decision for one request (<c>ngx_http_process_request</c>): 0, or 421, 495, 496, 497, and by which rule.</summary>
    /// <param name="server">Whoever answers the request; not always the one of the handshake.</param>
    /// <param name="host">Of the request, in lower case.</param>
    public static CheckResult Decide(Client client, ClientVerdict verdict, ServerPlan server, ReadOnlySpan<byte> host)
    {
        const int CertificateError = 495;
        const int NoCertificate = 496;
        const int PlainToTls = 497;
        const int Misdirected = 421;
        if (!client.Address.Ssl)
        {
            return default;
        }
        if (client.Tls is not { } tls)
        {
            client.Log.Write(LogLevel.Info, "client sent plain HTTP request to HTTPS port");
            return new(PlainToTls);
        }
        var mode = server.Ssl.VerifyClient;
        switch (verdict)
        {
            case var _ when mode == VerifyClient.Off:
                break;
            case RefusedClient refused when mode != VerifyClient.OptionalNoCa || !refused.IsOptionalNoCa:
                client.Log.Write(LogLevel.Info,
                    $"client SSL certificate verify error: ({refused.Error}:{TlsVerification.TextOf(refused.Error)})");
                tls.ForgetSession();
                return new(CertificateError);
            case AbsentClient when mode == VerifyClient.On:
                client.Log.Write(LogLevel.Info, "client sent no required SSL certificate");
                tls.ForgetSession();
                return new(NoCertificate);
            case VerifiedClient when !server.Ssl.NginxCompatibility && !IsTrustOf(client, tls, server):
                client.Log.Write(LogLevel.Info,
                    $"client was verified for server \"{client.Server.Name}\", which trusts others than the server it requested");
                return new(Misdirected, CheckRule.SameTrust);
        }
        return client.Generation.IsReplaced ? new(TrustReview.Decide(client, verdict, host), CheckRule.NewestPlan) : default;
    }

    /// <summary>Whether the handshake verified the client against what <paramref name="server"/> trusts. Without SNI a Host may lead anywhere.</summary>
    private static bool IsTrustOf(Client client, TlsConnection tls, ServerPlan server) =>
        server == client.Server
        || (tls.Context is { } context && client.Generation.Tls.TrustOf(server) is { } trust && trust.IsSame(context.Trust));

    /// <summary>The same for a chain that no handshake brought.</summary>
    /// <param name="error">X509_V_ERR code; null without a certificate.</param>
    public static ClientVerdict Identify(int? error) => error switch
    {
        null => Absent,
        TlsVerification.Ok => Verified,
        { } code => new RefusedClient(code),
    };

    /// <summary>What a server makes of a verdict, whichever handshake it is of: 0, 495 or 496.</summary>
    public static int StatusOf(ClientVerdict verdict, ServerPlan server) => (verdict, server.Ssl.VerifyClient) switch
    {
        (_, VerifyClient.Off) => 0,
        (RefusedClient refused, var mode) when mode != VerifyClient.OptionalNoCa || !refused.IsOptionalNoCa => 495,
        (AbsentClient, VerifyClient.On) => 496,
        _ => 0,
    };

    /// <summary>Whether what one server has verified counts for another one that a Host leads to.</summary>
    public static bool IsTrustOf(ServerContexts contexts, ServerPlan handshake, ServerPlan addressed) =>
        addressed == handshake || addressed.Ssl.VerifyClient == VerifyClient.Off || addressed.Ssl.NginxCompatibility
        || (contexts.Of(handshake) is { } context && contexts.TrustOf(addressed) is { } trust && trust.IsSame(context.Trust));
}
