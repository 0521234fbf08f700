using Countersign.Configuration;
using Countersign.Native;

namespace Countersign.Proxy.Upstream.Peers;

/// <summary>TLS contexts for backends, one for each different proxy_ssl_*; made with the plan, so that a bad file stops the start.</summary>
public sealed class BackendTls : IDisposable
{
    private readonly Dictionary<ProxySslSettings, TlsClientContext> _contexts = new(ReferenceEqualityComparer.Instance);

    /// <exception cref="TlsConfigurationException">with nginx's text.</exception>
    public BackendTls(HttpPlan plan, string configurationFolder)
    {
        try
        {
            foreach (var location in plan.Locations.Where(location => location.ProxyPass is { } pass && (pass.Ssl || pass.Url is not null)))
            {
                var settings = location.Proxy.Ssl;
                if (!_contexts.ContainsKey(settings))
                {
                    _contexts.Add(settings, TlsClientContext.Create(Options(settings, configurationFolder)));
                }
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public TlsClientContext Of(ProxySslSettings settings) => _contexts[settings];

    public void Dispose()
    {
        foreach (var context in _contexts.Values)
        {
            context.Dispose();
        }
        _contexts.Clear();
    }

    private static TlsClientOptions Options(ProxySslSettings ssl, string configurationFolder) => new()
    {
        Certificate = ssl is { Certificate.Constant: { Length: > 0 } certificate, CertificateKey.Constant: { } key }
            ? new TlsKeyPair(Path(certificate), Path(key)) : null,
        Passwords = ssl.Passwords,
        Protocols = (TlsProtocols)(int)ssl.Protocols,
        Ciphers = ssl.Ciphers,
        ConfCommands = ssl.ConfCommands,
        ConfigurationFolder = configurationFolder,
        Verify = ssl.Verify,
        VerifyDepth = ssl.VerifyDepth,
        TrustedCertificate = ssl.TrustedCertificate is { } trusted ? ByteText.ToUnicode(trusted) : null,
        Crl = ssl.Crl is { } crl ? ByteText.ToUnicode(crl) : null,
        SessionReuse = ssl.SessionReuse,
    };

    /// <summary>The file system's name of what a directive says in bytes.</summary>
    internal static string Path(ReadOnlySpan<byte> bytes) => System.Text.Encoding.UTF8.GetString(bytes);
}
