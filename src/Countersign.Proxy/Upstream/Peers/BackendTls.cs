using System.Buffers.Text;
using System.Text;
using Countersign.Configuration;
using Countersign.Native;
using Countersign.Proxy.Request;
using Countersign.Proxy.Route;

namespace Countersign.Proxy.Upstream.Peers;

/// <summary>How a backend is spoken to under TLS: who it must be and who we are. Connections and sessions of different identities never mix.</summary>
/// <param name="ServerName">SNI to send; null for none.</param>
/// <param name="VerifyName">The name its certificate must have; null where nothing is verified.</param>
/// <param name="KeyPair">A certificate that is not the context's own, since its path has variables.</param>
public sealed record TlsIdentity(TlsClientContext Context, string? ServerName, string? VerifyName, TlsKeyPair? KeyPair);

/// <summary>proxy_ssl_*: contexts, made with the plan, so that a file which cannot be used stops the start, as under nginx.</summary>
public sealed class BackendTls : IDisposable
{
    private readonly Dictionary<ProxySslSettings, TlsClientContext> _contexts = new(new SameContext());
    /// <summary>By location: all that is known before a request.</summary>
    private readonly TlsIdentity?[] _identities;

    /// <param name="configurationFolder">From which path values of proxy_ssl_conf_command are meant.</param>
    /// <exception cref="TlsConfigurationException">with nginx's text.</exception>
    public BackendTls(HttpPlan plan, string configurationFolder)
    {
        _identities = new TlsIdentity?[plan.Locations.Count];
        try
        {
            foreach (var location in plan.Locations.Where(location => location.ProxyPass is { } pass && (pass.Ssl || pass.Url is not null)))
            {
                var settings = location.Proxy.Ssl;
                if (!_contexts.TryGetValue(settings, out var context))
                {
                    _contexts.Add(settings, context = TlsClientContext.Create(Options(settings, configurationFolder)));
                }
                var name = NeedsName(settings) ? ConstantName(location) : null;
                _identities[location.Id] = Identity(context, settings, name);
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <param name="host">$proxy_host.</param>
    public TlsIdentity Of(Exchange exchange, Bytes host)
    {
        var location = exchange.Location;
        var settings = location.Proxy.Ssl;
        var identity = _identities[location.Id] ?? throw new InvalidOperationException("The location does not speak TLS.");
        if (NeedsName(settings) && !HasConstantName(location))
        {
            identity = Identity(identity.Context, settings, settings.Name is { } name ? Values.Evaluate(exchange, name) : host);
        }
        return HasVariables(settings) && KeyPair(exchange, settings) is { } pair ? identity with { KeyPair = pair } : identity;
    }

    public void Dispose()
    {
        foreach (var context in _contexts.Values)
        {
            context.Dispose();
        }
        _contexts.Clear();
    }

    private static bool HasConstantName(LocationPlan location) =>
        location.Proxy.Ssl.Name is { } name ? name.Constant is not null : location.ProxyPass is { Url: null };

    private static bool NeedsName(ProxySslSettings settings) => settings.ServerName || settings.Verify;

    /// <summary>proxy_ssl_name or, without it, the host of proxy_pass, where they have no variables.</summary>
    private static byte[]? ConstantName(LocationPlan location) =>
        location.Proxy.Ssl.Name is { } name ? name.Constant : location.ProxyPass is { Url: null } pass ? ByteText.ToBytes(pass.Host) : null;

    private static TlsIdentity Identity(TlsClientContext context, ProxySslSettings settings, ReadOnlySpan<byte> written)
    {
        var name = WithoutPort(written);
        return new TlsIdentity(
            context,
            settings.ServerName && IsServerName(name) ? Encoding.Latin1.GetString(name) : null,
            settings.Verify ? Encoding.Latin1.GetString(name) : null,
            null);
    }

    private static ReadOnlySpan<byte> WithoutPort(ReadOnlySpan<byte> name)
    {
        var start = name.Length > 0 && name[0] == '[' ? Math.Max(0, name.IndexOf((byte)']')) : 0;
        var colon = name[start..].IndexOf((byte)':');
        return colon < 0 ? name : name[..(start + colon)];
    }

    /// <summary>RFC 6066: an address is no server name.</summary>
    private static bool IsServerName(ReadOnlySpan<byte> name) => name.Length > 0 && name[0] != '[' && !IsIPv4(name);

    private static bool IsIPv4(ReadOnlySpan<byte> name)
    {
        for (var part = 0; part < 4; part++)
        {
            if (!Utf8Parser.TryParse(name, out byte _, out var length) || name[0] is (byte)'+' or (byte)'-')
            {
                return false;
            }
            name = name[length..];
            if (part < 3)
            {
                if (name.IsEmpty || name[0] != '.')
                {
                    return false;
                }
                name = name[1..];
            }
        }
        return name.IsEmpty;
    }

    private static bool HasVariables(ProxySslSettings settings) =>
        settings is { Certificate: { } certificate, CertificateKey: { } key } && (certificate.Constant is null || key.Constant is null);

    /// <summary>Null for an empty name: no certificate is presented.</summary>
    private static TlsKeyPair? KeyPair(Exchange exchange, ProxySslSettings settings)
    {
        var certificate = Values.Evaluate(exchange, settings.Certificate!);
        return certificate.IsEmpty ? null : exchange.Generation.KeyPairs.Named(exchange, settings.Certificate!, settings.CertificateKey!);
    }

    private static TlsClientOptions Options(ProxySslSettings ssl, string configurationFolder) => new()
    {
        Certificate = ssl is { Certificate.Constant: { Length: > 0 } certificate, CertificateKey.Constant: { } key }
            ? new TlsKeyPair(Encoding.UTF8.GetString(certificate), Encoding.UTF8.GetString(key)) : null,
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

    /// <summary>Settings that make the same context: a location that says nothing of its own shares its parent's.</summary>
    private sealed class SameContext : IEqualityComparer<ProxySslSettings>
    {
        public bool Equals(ProxySslSettings? a, ProxySslSettings? b) =>
            ReferenceEquals(a, b)
            || (a is not null && b is not null
                && a.Certificate?.Source == b.Certificate?.Source && a.CertificateKey?.Source == b.CertificateKey?.Source
                && ReferenceEquals(a.Passwords, b.Passwords)
                && a.Protocols == b.Protocols && a.Ciphers == b.Ciphers && a.ConfCommands.SequenceEqual(b.ConfCommands)
                && a.Verify == b.Verify && a.VerifyDepth == b.VerifyDepth
                && a.TrustedCertificate == b.TrustedCertificate && a.Crl == b.Crl && a.SessionReuse == b.SessionReuse);

        public int GetHashCode(ProxySslSettings settings) =>
            HashCode.Combine(settings.Certificate?.Source, settings.Protocols, settings.Ciphers, settings.Verify, settings.TrustedCertificate, settings.Crl);
    }
}
