using Countersign.Configuration;
using Countersign.Native;
using Countersign.Proxy.Accept;

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

    /// <summary>nginx's decision for one request (<c>ngx_http_process_request</c>): 0, or 495, 496, 497.</summary>
    /// <param name="server">Whoever answers the request; not always the one of the handshake.</param>
    public static int Decide(Client client, ClientVerdict verdict, ServerPlan server)
    {
        const int CertificateError = 495;
        const int NoCertificate = 496;
        const int PlainToTls = 497;
        if (!client.Address.Ssl)
        {
            return 0;
        }
        if (client.Tls is not { } tls)
        {
            client.Log.Write(LogLevel.Info, "client sent plain HTTP request to HTTPS port");
            return PlainToTls;
        }
        var mode = server.Ssl.VerifyClient;
        if (mode == VerifyClient.Off)
        {
            return 0;
        }
        switch (verdict)
        {
            case RefusedClient refused when mode != VerifyClient.OptionalNoCa || !refused.IsOptionalNoCa:
                client.Log.Write(LogLevel.Info,
                    $"client SSL certificate verify error: ({refused.Error}:{TlsVerification.TextOf(refused.Error)})");
                tls.ForgetSession();
                return CertificateError;
            case AbsentClient when mode == VerifyClient.On:
                client.Log.Write(LogLevel.Info, "client sent no required SSL certificate");
                tls.ForgetSession();
                return NoCertificate;
            default:
                return 0;
        }
    }
}
