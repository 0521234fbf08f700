using System.Text;
using Countersign.Configuration;
using Countersign.Native;

namespace Countersign.Proxy.Handshake;

/// <summary>
/// One TLS context for each server block of a plan that has a certificate or refuses handshakes. Making them reads every
/// certificate, key, bundle and CRL, so that a file which cannot be used stops the start or the reload, as under nginx.
/// </summary>
public sealed class ServerContexts : IDisposable
{
    private readonly TlsStores _stores;
    private readonly TlsServerContext?[] _contexts;
    private readonly bool _isServing;

    /// <param name="before">Those of the plan in force, if any: their sessions go on.</param>
    /// <exception cref="TlsConfigurationException">with nginx's text.</exception>
    public ServerContexts(HttpPlan plan, string configurationFolder, TimeProvider time, ServerContexts? before = null)
        : this(plan, configurationFolder, time, before, isServing: true) { }

    private ServerContexts(HttpPlan plan, string configurationFolder, TimeProvider time, ServerContexts? before, bool isServing)
    {
        _isServing = isServing;
        _stores = new TlsStores(time, before?._stores);
        _contexts = new TlsServerContext?[plan.Servers.Count];
        try
        {
            foreach (var server in plan.Servers.Where(NeedsContext))
            {
                _contexts[server.Id] = TlsServerContext.Create(Options(server.Ssl, configurationFolder, time));
                _contexts[server.Id]!.Tag = server;
            }
            _stores.Settle();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>
    /// What the servers trust, for verdicts that no client waits for: their own certificates and keys are not read, which only the gate's user may.
    /// </summary>
    /// <exception cref="TlsConfigurationException">with nginx's text.</exception>
    public static ServerContexts ForVerdicts(HttpPlan plan, string configurationFolder, TimeProvider time) =>
        new(plan, configurationFolder, time, null, isServing: false);

    /// <summary>Null for a server that speaks no TLS.</summary>
    public TlsServerContext? Of(ServerPlan server) => _contexts[server.Id];

    /// <summary>
    /// What a server verifies clients against. One without a certificate of its own, which only other servers' handshakes reach, has
    /// what a server with the same directives has; null when there is none.
    /// </summary>
    public TlsTrust? TrustOf(ServerPlan server)
    {
        if (_contexts[server.Id] is { } own)
        {
            return own.Trust;
        }
        foreach (var context in _contexts)
        {
            if (context?.Tag is ServerPlan other && AreTrustedAlike(server.Ssl, other.Ssl))
            {
                return context.Trust;
            }
        }
        return null;
    }

    private static bool AreTrustedAlike(SslSettings left, SslSettings right) =>
        left.ClientCertificate == right.ClientCertificate && left.TrustedCertificate == right.TrustedCertificate && left.Crl == right.Crl
        && left.VerifyDepth == right.VerifyDepth && left.Ciphers == right.Ciphers && left.ConfCommands.SequenceEqual(right.ConfCommands);

    public void Dispose()
    {
        foreach (var context in _contexts)
        {
            context?.Dispose();
        }
    }

    private static bool NeedsContext(ServerPlan server) => server.Ssl.Certificates.Count > 0 || server.Ssl.RejectHandshake;

    private TlsServerOptions Options(SslSettings ssl, string configurationFolder, TimeProvider time) => new()
    {
        Certificates = ssl.HasVariableCertificates || !_isServing
            ? [] : [.. ssl.Certificates.Zip(ssl.CertificateKeys, (certificate, key) => new TlsKeyPair(Text(certificate), Text(key)))],
        VariableCertificates = ssl.HasVariableCertificates && _isServing ? [.. ssl.Certificates.Select(certificate => certificate.Source)] : [],
        Passwords = ssl.Passwords,
        Protocols = (TlsProtocols)(int)ssl.Protocols,
        Ciphers = ssl.Ciphers,
        PreferServerCiphers = ssl.PreferServerCiphers,
        Groups = ssl.EcdhCurve,
        DhParam = Text(ssl.DhParam),
        ConfCommands = ssl.ConfCommands,
        ConfigurationFolder = configurationFolder,
        VerifyMode = ssl.VerifyClient switch
        {
            VerifyClient.Off => TlsVerifyMode.Off,
            VerifyClient.On => TlsVerifyMode.On,
            VerifyClient.Optional => TlsVerifyMode.Optional,
            VerifyClient.OptionalNoCa => TlsVerifyMode.OptionalNoCa,
        },
        VerifyDepth = ssl.VerifyDepth,
        ClientCertificate = Text(ssl.ClientCertificate),
        TrustedCertificate = Text(ssl.TrustedCertificate),
        Crl = Text(ssl.Crl),
        OcspFault = ssl.Ocsp?.Fault is { } fault ? ProblemText.NginxLine(fault) : null,
        SessionTickets = ssl.SessionTickets,
        TicketKeys = !_isServing ? [] : ssl.SessionTicketKeys.Select(path => TlsTicketKeyFile.Read(Text(path)!)),
        SessionTimeout = ssl.SessionTimeout,
        SessionCacheMode = Mode(ssl.SessionCache),
        BuiltinCacheSize = ssl.SessionCache.BuiltinSize,
        SessionCache = _stores.Sessions(ssl.SessionCache),
        TicketSessions = _stores.Sessions(ssl.SessionCache) ?? _stores.Tickets,
        VerifyCache = _isServing ? _stores.Verdicts(ssl.VerifyCache) : null,
        ResumesAcrossTrust = ssl.NginxCompatibility,
        Time = time,
    };

    private static TlsSessionCacheMode Mode(SslSessionCache cache)
    {
        if (cache.Off)
        {
            return TlsSessionCacheMode.Off;
        }
        if (cache.None)
        {
            return TlsSessionCacheMode.None;
        }
        var shared = cache.SharedName is null ? TlsSessionCacheMode.None : TlsSessionCacheMode.Shared;
        return cache.BuiltinSize > 0 || cache.SharedName is null ? shared | TlsSessionCacheMode.Builtin : shared;
    }

    private static string Text(ComplexValue source) => Encoding.UTF8.GetString(source.Constant!);

    private static string? Text(string? path) => path is null ? null : ByteText.ToUnicode(path);
}
