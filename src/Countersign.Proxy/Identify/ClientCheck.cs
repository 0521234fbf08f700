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
    /// <summary>nginx's line for 496.</summary>
    public const string NoCertificateText = "client sent no required SSL certificate";

    /// <summary>nginx's line for 421.</summary>
    public const string MisdirectedText = "client attempted to request the server name different from the one that was negotiated";

    private const int Misdirected = 421;
    private const int CertificateError = 495;
    private const int NoCertificate = 496;

    private static readonly AbsentClient Absent = new();
    private static readonly VerifiedClient Verified = new();

    /// <summary>After the handshake. A connection without TLS has no client to speak of.</summary>
    public static ClientVerdict Identify(Client client) =>
        client.Tls is { HasPeerCertificate: true } tls ? Identify(tls.VerifyResult, client.Status) : Absent;

    /// <summary>The same for a chain that no handshake brought.</summary>
    /// <param name="error">X509_V_ERR code; null without a certificate.</param>
    public static ClientVerdict Identify(int? error) => Identify(error, null);

    /// <param name="status">Why ssl_ocsp keeps out whom libssl verified; null when it does not.</param>
    internal static ClientVerdict Identify(int? error, OcspOutcome? status) => (error, status) switch
    {
        (null, _) => Absent,
        (TlsVerification.Ok, null) => Verified,
        (TlsVerification.Ok, var outcome) => new UnconfirmedClient(outcome),
        ({ } code, _) => new RefusedClient(code),
    };

    /// <summary>nginx's decision for one request (<c>ngx_http_process_request</c>): 0, or 421, 495, 496, 497, and by which rule; the reason has been logged.</summary>
    /// <param name="server">Whoever answers the request; not always the one of the handshake.</param>
    public static CheckResult Decide(Client client, ClientVerdict verdict, ServerPlan server)
    {
        const int PlainToTls = 497;
        if (!client.Address.Ssl)
        {
            return default;
        }
        if (client.Tls is not { } tls)
        {
            client.Log.Write(LogLevel.Info, "client sent plain HTTP request to HTTPS port");
            return new(PlainToTls);
        }
        var check = Decide(verdict, client.Generation.Tls, client.Server, tls.Context, server);
        switch (check.Status)
        {
            case CertificateError:
                client.Log.Write(LogLevel.Info, TextOf(verdict));
                tls.ForgetSession();
                break;
            case NoCertificate:
                client.Log.Write(LogLevel.Info, NoCertificateText);
                tls.ForgetSession();
                break;
            case Misdirected:
                client.Log.Write(LogLevel.Info,
                    $"client was verified for server \"{VerifierOf(client).Name}\", which {(check.Rule == CheckRule.SameStatus ? "has another ssl_ocsp" : "trusts others")} than the server it requested");
                break;
        }
        return check;
    }

    /// <summary>What a server makes of another handshake's verdict or its own: 0, or 421, 495, 496, and by which rule. Nothing else decides it.</summary>
    /// <param name="asker">The server of the handshake.</param>
    /// <param name="context">That verified.</param>
    /// <param name="server">Whoever answers the request.</param>
    public static CheckResult Decide(ClientVerdict verdict, ServerContexts contexts, ServerPlan asker, TlsServerContext? context, ServerPlan server) =>
        (verdict, server.Ssl.VerifyClient) switch
        {
            (_, VerifyClient.Off) => default,
            (RefusedClient refused, var mode) when mode != VerifyClient.OptionalNoCa || !refused.IsOptionalNoCa => new(CertificateError),
            (UnconfirmedClient, _) => new(CertificateError),
            (AbsentClient, VerifyClient.On) => new(NoCertificate),
            (VerifiedClient, _) when !server.Ssl.NginxCompatibility && !IsTrustOf(contexts, asker, context, server) => new(Misdirected, CheckRule.SameTrust),
            (VerifiedClient, _) when !server.Ssl.NginxCompatibility && !IsStatusKnown(context, server) => new(Misdirected, CheckRule.SameStatus),
            _ => default,
        };

    /// <summary>nginx's rule about names: whom a server name has led to one server, a Host leads to no other that asks for certificates (421).</summary>
    /// <param name="server">Of the Host, which is another name than the one negotiated.</param>
    public static bool IsMisdirected(bool isNameNegotiated, ServerPlan server) => isNameNegotiated && server.Ssl.VerifyClient != VerifyClient.Off;

    /// <summary>nginx's line for 495.</summary>
    /// <param name="under">Who says so, where it is not nginx's rule.</param>
    public static string TextOf(ClientVerdict verdict, string under = "") => $"client SSL certificate verify error{under}: " + verdict switch
    {
        UnconfirmedClient unconfirmed => unconfirmed.Status.Text,
        RefusedClient refused => $"({refused.Error}:{TlsVerification.TextOf(refused.Error)})",
        _ => throw new ArgumentException($"{verdict} is not refused.", nameof(verdict)),
    };

    /// <summary>Whose trust the handshake was held against: under nginx a server without a certificate of its own has the default server's.</summary>
    internal static ServerPlan VerifierOf(Client client) => client.Tls?.Context?.Tag as ServerPlan ?? client.Server;

    // Without SNI a Host may lead anywhere, and SNI to a server without a certificate, which has its handshakes done by the default one.
    private static bool IsTrustOf(ServerContexts contexts, ServerPlan asker, TlsServerContext? context, ServerPlan server) => context is not null
        && (context.Tag == server || (server == asker && TrustsNobody(server)) || (contexts.TrustOf(server) is { } trust && trust.IsSame(context.Trust)));

    private static bool TrustsNobody(ServerPlan server) => server.Ssl is { ClientCertificate: null, TrustedCertificate: null, Crl: null };

    // ssl_ocsp is the handshake's: a Host must not lead around it.
    private static bool IsStatusKnown(TlsServerContext? context, ServerPlan server) =>
        server.Ssl.Ocsp is not { } wanted || (context?.Tag is ServerPlan { Ssl.Ocsp: { } given } && given.Covers(wanted));
}
