using Countersign.Native;

namespace Countersign.Commands.Demo;

/// <summary>Everyone who knocks, and what nginx makes of them.</summary>
internal static class DemoCases
{
    public static IReadOnlyList<DemoCase> All { get; } =
    [
        new("good client", "alice's certificate of the Issuing CA", DemoExpectation.Accepted())
        {
            Certificate = "good",
        },
        new("no certificate", "asked for one, the client sends none", NoCertificate("not-sent/not-configured")),
        new("unknown CA", "a certificate of somebody else's CA", DemoExpectation.NotVerified(21, "chain/unknown-issuer"))
        {
            Certificate = "stranger",
        },
        new("self-signed", "a certificate that vouches for itself", DemoExpectation.NotVerified(18, "chain/self-signed"))
        {
            Certificate = "self-signed",
            // Where revocation is checked, the missing list of an issuer nobody knows is OpenSSL's last error.
            ServerName = DemoConfiguration.Partner,
            Host = DemoConfiguration.Partner,
        },
        new("forged", "issued under the Issuing CA's name with another key", DemoExpectation.NotVerified(7, "chain/same-name-other-key"))
        {
            Certificate = "forged",
        },
        new("expired", "carol's certificate ended yesterday", DemoExpectation.NotVerified(10, "certificate/expired"))
        {
            Certificate = "expired",
        },
        new("not yet valid", "dave's certificate begins tomorrow", DemoExpectation.NotVerified(9, "certificate/not-yet-valid"))
        {
            Certificate = "not-yet-valid",
        },
        new("revoked", "eve's certificate is on the revocation list", DemoExpectation.NotVerified(23, "revocation/revoked"))
        {
            Certificate = "revoked",
        },
        new("CRL missing", "bob sends the Branch CA too, but ssl_crl has no list of it", DemoExpectation.NotVerified(3, "revocation/crl-missing"))
        {
            Certificate = "branch",
        },
        new("missing intermediate", "bob again with his certificate alone, without the Branch CA between it and the root", DemoExpectation.NotVerified(21, "chain/missing-intermediate"))
        {
            Certificate = "branch-alone",
        },
        new("CRL expired", "alice again, where the list was not renewed: everybody is refused", DemoExpectation.NotVerified(12, "revocation/crl-expired"))
        {
            Certificate = "good",
            ServerName = DemoConfiguration.Archive,
            Host = DemoConfiguration.Archive,
        },
        new("wrong purpose", "frank's certificate is for servers", DemoExpectation.NotVerified(26, "certificate/purpose"))
        {
            Certificate = "server-purpose",
        },
        new("too deep", "two intermediates; ssl_verify_depth is 1 unless set", DemoExpectation.NotVerified(2, "chain/too-deep"))
        {
            Certificate = "deep",
            // As above: with ssl_crl the error would be a missing list.
            ServerName = DemoConfiguration.Partner,
            Host = DemoConfiguration.Partner,
        },
        new("deep enough", "the same where ssl_verify_depth is 2", DemoExpectation.Accepted())
        {
            Certificate = "deep",
            Listener = DemoListener.Second,
        },
        new("no server name", "alice without SNI: the default server answers the handshake and never asks", NoCertificate("not-asked/no-sni"))
        {
            Certificate = "good",
            ServerName = null,
        },
        new("other server", $"a handshake for {DemoConfiguration.Service}, a request for {DemoConfiguration.Partner}", DemoExpectation.Refused(
            421, "Misdirected Request", "client attempted to request the server name different from the one that was negotiated", "not-asked/sni-host-mismatch"))
        {
            Certificate = "good",
            Host = DemoConfiguration.Partner,
        },
        new("plain HTTP", "http:// to the port of https://", DemoExpectation.Refused(
            400, "The plain HTTP request was sent to HTTPS port", "client sent plain HTTP request to HTTPS port", "not-asked/plain-http"))
        {
            IsTls = false,
        },
        new("wrong TLS version", "TLS 1.3 only, where ssl_protocols has TLSv1.2 only", DemoExpectation.NoHandshake(
            70, "unsupported protocol", "handshake/protocol-version"))
        {
            Certificate = "good",
            Listener = DemoListener.Second,
            Protocols = TlsProtocols.Tls13,
        },
        new("no shared cipher", "RSA ciphers only, where the server's key is ECDSA", DemoExpectation.NoHandshake(
            40, "no shared cipher", "handshake/no-shared-cipher"))
        {
            Certificate = "good",
            Listener = DemoListener.Second,
            Protocols = TlsProtocols.Tls12,
            Ciphers = "ECDHE-RSA-AES256-GCM-SHA384",
        },
        new("unknown CA, tolerated", "somebody else's CA again, under optional_no_ca: the backend is told", DemoExpectation.Accepted("FAILED:"))
        {
            Certificate = "stranger",
            ServerName = DemoConfiguration.Testing,
            Host = DemoConfiguration.Testing,
        },
    ];

    private static DemoExpectation NoCertificate(string reason) => DemoExpectation.Refused(
        400, "No required SSL certificate was sent", "client sent no required SSL certificate while reading client request headers", reason);
}
