using Countersign.Native;

namespace Countersign.Commands.Probe;

/// <summary>How this client speaks TLS: as openingly as libssl can, so that an old server or a weak certificate is seen and not only refused.</summary>
internal static class ProbeTls
{
    private const int Deepest = 100;

    public static TlsClientContext Context(ProbeCertificate? certificate, TlsProtocols? protocols) => TlsClientContext.Create(new TlsClientOptions
    {
        Certificate = certificate?.Pair,
        Protocols = protocols ?? (TlsProtocols.Tls10 | TlsProtocols.Tls11 | TlsProtocols.Tls12 | TlsProtocols.Tls13),
        Ciphers = "DEFAULT:@SECLEVEL=0",
        ApplicationProtocols = ["http/1.1"],
        SessionReuse = false,
    });

    /// <summary>What the server is verified against.</summary>
    /// <exception cref="UsageException">The file has no certificate.</exception>
    public static TlsClientContext Trust(string? authorities)
    {
        try
        {
            return TlsClientContext.Create(new TlsClientOptions
            {
                Verify = authorities is not null, TrustedCertificate = authorities, VerifyDepth = Deepest, TrustsSystem = authorities is null, SessionReuse = false,
            });
        }
        catch (TlsConfigurationException fault)
        {
            throw new UsageException($"--ca: {fault.Message}", $"openssl x509 -in {authorities} -noout -subject");
        }
    }
}
