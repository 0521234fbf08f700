using Countersign.Configuration;
using Countersign.Native;
using Countersign.Proxy.Handshake;
using Countersign.Refusals;

namespace Countersign.Proxy.Watch;

/// <summary>Makes the entries of a <see cref="TrustBook"/>. Made where the contexts are known to live; reads on any thread, also when they have gone.</summary>
internal sealed class TrustReader : IDisposable
{
    private readonly HttpPlan _http;
    private readonly List<(ServerPlan Server, TlsServerContext? Context)> _servers;

    // Servers that trust the same have it once.
    private readonly Dictionary<string, TlsTrustSource> _sources = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (IReadOnlyList<CertificateFacts> Certificates, IReadOnlyList<CrlFacts> Crls)> _contents = new(StringComparer.Ordinal);

    public TrustReader(HttpPlan http, ServerContexts contexts)
    {
        _http = http;
        _servers = [.. http.Servers.Select(server => (server, contexts.Of(server)))];
        foreach (var context in _servers.Select(pair => pair.Context).OfType<TlsServerContext>())
        {
            if (Key(context) is var key && !_sources.ContainsKey(key))
            {
                _sources[key] = context.HoldTrust();
            }
        }
    }

    /// <summary>By the servers' numbers.</summary>
    public TrustFacts[] Read()
    {
        var all = new TrustFacts[_servers.Count];
        foreach (var (server, context) in _servers)
        {
            all[server.Id] = Of(server, context);
        }
        return all;
    }

    public void Dispose()
    {
        foreach (var source in _sources.Values)
        {
            source.Dispose();
        }
    }

    private TrustFacts Of(ServerPlan server, TlsServerContext? context)
    {
        var ssl = server.Ssl;
        var (certificates, crls) = context is null ? ([], []) : Contents(Key(context));
        var named = context?.NamedAuthorities;
        return new TrustFacts
        {
            Server = TrustBook.NameOf(server),
            Port = GateBook.PortOf(_http, server),
            Certificates =
            [
                .. certificates.Select(certificate => ssl.ClientCertificate is { } bundle && named?.Contains(certificate.Sha256) != false
                    ? new TrustedCertificate(certificate, ByteText.ToUnicode(bundle), true)
                    : new TrustedCertificate(certificate, ByteText.ToUnicode(ssl.TrustedCertificate ?? ""), false)),
            ],
            Crls = [.. crls.Select(crl => crl with { File = ByteText.ToUnicode(ssl.Crl ?? "") })],
            Depth = ssl.VerifyDepth,
            Mode = ssl.VerifyClient switch
            {
                VerifyClient.Off => "off",
                VerifyClient.On => "on",
                VerifyClient.Optional => "optional",
                VerifyClient.OptionalNoCa => "optional_no_ca",
            },
            Bundle = ByteText.ToUnicode(ssl.ClientCertificate ?? ssl.TrustedCertificate ?? ""),
            BundleAt = TrustBook.At(ssl.ClientCertificateAt),
            DepthAt = TrustBook.At(ssl.VerifyDepthAt ?? server.Position),
            ModeAt = TrustBook.At(ssl.VerifyClientAt ?? server.Position),
            Crl = ByteText.ToUnicode(ssl.Crl ?? ""),
            CrlAt = TrustBook.At(ssl.CrlAt),
            ReloadCommand = ByteText.ToUnicode(_http.ReloadCommand),
        };
    }

    private (IReadOnlyList<CertificateFacts> Certificates, IReadOnlyList<CrlFacts> Crls) Contents(string key)
    {
        if (!_contents.TryGetValue(key, out var known))
        {
            var loaded = _sources[key].Read();
            _contents[key] = known = (
                [.. loaded.Certificates.Select(der => CertificateReader.Read(der)).OfType<CertificateFacts>()],
                [.. loaded.Crls.Select(der => CrlReader.Read(der)).OfType<CrlFacts>()]);
        }
        return known;
    }

    private static string Key(TlsServerContext context) => Convert.ToHexString(context.Trust.Identity);
}
