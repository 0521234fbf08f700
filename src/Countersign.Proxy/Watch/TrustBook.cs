using Countersign.Configuration;
using Countersign.Native;
using Countersign.Proxy.Handshake;
using Countersign.Refusals;

namespace Countersign.Proxy.Watch;

/// <summary>
/// What each server of a plan trusts, in words. Taken from the loaded contexts when the first client is refused, not from the files, which may say
/// something else by then. Loops share it.
/// </summary>
public sealed class TrustBook(HttpPlan http, ServerContexts contexts)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (IReadOnlyList<CertificateFacts> Certificates, IReadOnlyList<CrlFacts> Crls)> _contents = [];
    private readonly Dictionary<ServerPlan, TrustFacts> _servers = [];

    public TrustFacts Of(ServerPlan server)
    {
        lock (_gate)
        {
            if (!_servers.TryGetValue(server, out var facts))
            {
                _servers[server] = facts = Read(server);
            }
            return facts;
        }
    }

    /// <summary>The other servers that ask for certificates; a client may belong to one of them.</summary>
    public IReadOnlyList<TrustFacts> OthersThan(ServerPlan server) =>
        [.. http.Servers.Where(other => other != server && other.Ssl.VerifyClient != VerifyClient.Off && contexts.Of(other) is not null).Select(Of)];

    /// <summary><c>api.example (nginx.conf:12)</c>.</summary>
    public static string Title(ServerPlan server) => $"{NameOf(server)} ({At(server.Position)})";

    /// <summary>file:line; empty without.</summary>
    public static string At(SourcePosition? position) => position is null ? "" : $"{position.File}:{position.Line}";

    private TrustFacts Read(ServerPlan server)
    {
        var ssl = server.Ssl;
        var (certificates, crls) = contexts.Of(server) is { } context ? Contents(context) : ([], []);
        var advertised = Advertised(ssl, certificates);
        return new TrustFacts
        {
            Server = NameOf(server),
            Certificates =
            [
                .. certificates.Select(certificate => advertised.Contains(certificate)
                    ? new TrustedCertificate(certificate, ssl.ClientCertificate ?? "", true)
                    : new TrustedCertificate(certificate, ssl.TrustedCertificate ?? "", false)),
            ],
            Crls = [.. crls.Select(crl => crl with { File = ssl.Crl ?? "" })],
            Depth = ssl.VerifyDepth,
            Mode = ssl.VerifyClient switch
            {
                VerifyClient.Off => "off",
                VerifyClient.On => "on",
                VerifyClient.Optional => "optional",
                VerifyClient.OptionalNoCa => "optional_no_ca",
            },
            Bundle = ssl.ClientCertificate ?? ssl.TrustedCertificate ?? "",
            BundleAt = At(ssl.ClientCertificateAt),
            DepthAt = At(ssl.VerifyDepthAt ?? server.Position),
            ModeAt = At(ssl.VerifyClientAt ?? server.Position),
            Crl = ssl.Crl ?? "",
            CrlAt = At(ssl.CrlAt),
        };
    }

    private (IReadOnlyList<CertificateFacts> Certificates, IReadOnlyList<CrlFacts> Crls) Contents(TlsServerContext context)
    {
        var key = Convert.ToHexString(context.Trust.Identity);
        if (!_contents.TryGetValue(key, out var known))
        {
            var loaded = context.ReadTrust();
            _contents[key] = known = (
                [.. loaded.Certificates.Select(der => CertificateReader.Read(der)).OfType<CertificateFacts>()],
                [.. loaded.Crls.Select(der => CrlReader.Read(der)).OfType<CrlFacts>()]);
        }
        return known;
    }

    // With ssl_trusted_certificate beside it, only the bundle's own file knows which of them are named to clients.
    private static HashSet<CertificateFacts> Advertised(SslSettings ssl, IReadOnlyList<CertificateFacts> certificates)
    {
        if (ssl.ClientCertificate is null)
        {
            return [];
        }
        if (ssl.TrustedCertificate is null)
        {
            return [.. certificates];
        }
        try
        {
            var bundle = Certificate.ReadBundle(ByteText.ToUnicode(ssl.ClientCertificate));
            var facts = bundle.Select(certificate => CertificateReader.Read(certificate.Der)).OfType<CertificateFacts>().ToHashSet();
            foreach (var certificate in bundle)
            {
                certificate.Dispose();
            }
            return facts;
        }
        catch (TlsConfigurationException)
        {
            return [.. certificates];
        }
    }

    /// <summary>Its first name; <c>_</c> without.</summary>
    public static string NameOf(ServerPlan server) => server.Name.Length == 0 ? "_" : server.Name;
}
