using Countersign.Configuration.Resolve;
using static Countersign.Configuration.Directives.DirectiveRow;

namespace Countersign.Configuration.Directives;

/// <summary>ngx_http_ssl_module.</summary>
internal static class SslDirectives
{
    /// <summary>As written, and with variables or as a path.</summary>
    public static readonly Setting<IReadOnlyList<(string Written, ComplexValue Path)>> Certificates = new([]);
    public static readonly Setting<IReadOnlyList<(string Written, ComplexValue Path)>> CertificateKeys = new([]);
    public static readonly Setting<SslCertificateCache?> CertificateCache = new(null);
    public static readonly Setting<IReadOnlyList<byte[]>?> Passwords = new(null);
    public static readonly Setting<IReadOnlyList<TlsVersions>> Protocols = new([TlsVersions.Tls12, TlsVersions.Tls13]);
    public static readonly Setting<string> Ciphers = new("HIGH:!aNULL:!MD5");
    public static readonly Setting<bool> PreferServerCiphers = new(false);
    public static readonly Setting<string> EcdhCurve = new("auto");
    public static readonly Setting<string?> DhParam = new(null);
    public static readonly Setting<IReadOnlyList<(string Name, string Value)>> ConfCommands = new([]);
    public static readonly Setting<int> BufferSize = new(16384);
    public static readonly Setting<bool> RejectHandshake = new(false);
    public static readonly Setting<VerifyClient> Verify = new(VerifyClient.Off);
    /// <summary>Set when the servers are checked.</summary>
    public static readonly Setting<ConfigurationProblem?> VerifyFault = new(null);
    public static readonly Setting<int> VerifyDepth = new(1);
    public static readonly Setting<string?> ClientCertificate = new(null);
    public static readonly Setting<string?> TrustedCertificate = new(null);
    public static readonly Setting<string?> Crl = new(null);
    /// <summary>Where those stand that a refused client is told apart by.</summary>
    public static readonly Setting<SourcePosition?> VerifyAt = new(null);
    public static readonly Setting<SourcePosition?> VerifyDepthAt = new(null);
    public static readonly Setting<SourcePosition?> ClientCertificateAt = new(null);
    public static readonly Setting<SourcePosition?> CertificateAt = new(null);
    public static readonly Setting<SourcePosition?> TrustedCertificateAt = new(null);
    public static readonly Setting<SourcePosition?> CrlAt = new(null);
    public static readonly Setting<SslSessionCache> SessionCache = new(SslSessionCache.NoneDefault);
    public static readonly Setting<TimeSpan> SessionTimeout = new(TimeSpan.FromMinutes(5));
    public static readonly Setting<bool> SessionTickets = new(true);
    public static readonly Setting<IReadOnlyList<(string Written, string Path)>> SessionTicketKeys = new([]);

    internal static readonly (string, TlsVersions)[] ProtocolNames =
    [
        ("SSLv2", TlsVersions.Ssl2), ("SSLv3", TlsVersions.Ssl3), ("TLSv1", TlsVersions.Tls10), ("TLSv1.1", TlsVersions.Tls11),
        ("TLSv1.2", TlsVersions.Tls12), ("TLSv1.3", TlsVersions.Tls13),
    ];

    private const Contexts Everywhere = Contexts.HttpServer;

    public static IReadOnlyList<DirectiveRow> Rows { get; } =
    [
        One("ssl_certificate", Everywhere, "file", "", Binders.Placed(CertificateAt, AppendCertificate(Certificates))),
        One("ssl_certificate_key", Everywhere, "file", "", AppendCertificate(CertificateKeys)),
        new("ssl_certificate_cache", Everywhere, 1, 3, CertificateCacheDirective.Syntax, "off", call => CertificateCacheDirective.Bind(call, CertificateCache)),
        One("ssl_password_file", Everywhere, "file", "", call => PasswordFile.Bind(call, Passwords)),
        new("ssl_protocols", Everywhere, 1, Any, "[SSLv2] [SSLv3] [TLSv1] [TLSv1.1] [TLSv1.2] [TLSv1.3]", "TLSv1.2 TLSv1.3",
            Binders.Words(Protocols, ProtocolNames)),
        One("ssl_ciphers", Everywhere, "ciphers", "HIGH:!aNULL:!MD5", Binders.Text(Ciphers)),
        Flag("ssl_prefer_server_ciphers", Everywhere, false, PreferServerCiphers),
        One("ssl_ecdh_curve", Everywhere, "curve", "auto", Binders.Text(EcdhCurve)),
        One("ssl_dhparam", Everywhere, "file", "", Binders.File(DhParam)),
        new("ssl_conf_command", Everywhere, 2, 2, "name value", "", call => call.Scope.Append(ConfCommands, (call[1], call[2]))),
        One("ssl_buffer_size", Everywhere, "size", "16k", Binders.Size(BufferSize)),
        Flag("ssl_reject_handshake", Everywhere, false, RejectHandshake),
        One("ssl_verify_client", Everywhere, "on | off | optional | optional_no_ca", "off", Binders.Placed(VerifyAt, Binders.Choice(Verify,
            ("off", VerifyClient.Off), ("on", VerifyClient.On), ("optional", VerifyClient.Optional), ("optional_no_ca", VerifyClient.OptionalNoCa)))),
        One("ssl_verify_depth", Everywhere, "number", "1", Binders.Placed(VerifyDepthAt, Binders.Number(VerifyDepth))),
        One("ssl_client_certificate", Everywhere, "file", "", Binders.Placed(ClientCertificateAt, Binders.File(ClientCertificate))),
        One("ssl_trusted_certificate", Everywhere, "file", "", Binders.Placed(TrustedCertificateAt, Binders.File(TrustedCertificate))),
        One("ssl_crl", Everywhere, "file", "", Binders.Placed(CrlAt, Binders.File(Crl))),
        .. OcspDirectives.Rows,
        new("ssl_session_cache", Everywhere, 1, 2, "off | none | [builtin[:size]] [shared:name:size]", "none", BindSessionCache),
        One("ssl_session_timeout", Everywhere, "time", "5m", Binders.Seconds(SessionTimeout)),
        Flag("ssl_session_tickets", Everywhere, true, SessionTickets),
        One("ssl_session_ticket_key", Everywhere, "file", "",
            call => call.Scope.Append(SessionTicketKeys, (call[1], call.ConfigurationPath(call[1])))),
    ];

    /// <summary>A name with variables is put beside the configuration when it is known.</summary>
    private static Action<DirectiveCall> AppendCertificate(Setting<IReadOnlyList<(string Written, ComplexValue Path)>> setting) => call =>
    {
        var text = call[1];
        if (!ScriptCompiler.HasVariables(text))
        {
            var isFile = !text.StartsWith("data:", StringComparison.Ordinal) && !text.StartsWith("engine:", StringComparison.Ordinal);
            call.Scope.Append(setting, (text, ComplexValue.Literal(isFile ? call.ConfigurationPath(text) : text)));
        }
        else if (call.Complex(text) is { } value)
        {
            call.Scope.Append(setting, (text, value));
        }
    };

    private static void BindSessionCache(DirectiveCall call)
    {
        var cache = call.Scope.Own(SessionCache) ?? new SslSessionCache(false, false, 0, null, 0);
        for (var i = 1; i <= call.Count; i++)
        {
            var parts = call[i].Split(':');
            switch (parts)
            {
                case ["off"]:
                    cache = cache with { Off = true };
                    break;
                case ["none"]:
                    cache = cache with { None = true };
                    break;
                case ["builtin"]:
                    cache = cache with { BuiltinSize = 20480 };
                    break;
                case ["builtin", var size] when Units.Number(size) is { } number:
                    cache = cache with { BuiltinSize = (int)Math.Min(number, int.MaxValue) };
                    break;
                case ["shared", { Length: > 0 } name, var size] when Units.Size(size) is { } bytes:
                    if (bytes < 8 * 4096)
                    {
                        call.Fail("session-cache-too-small", $"session cache \"{call[i]}\" is too small", i);
                        return;
                    }
                    if (!call.Session.SharedZones.Declare(call, "ssl_session_cache", name, bytes, i))
                    {
                        return;
                    }
                    cache = cache with { SharedName = name, SharedSize = bytes };
                    break;
                default:
                    call.Fail("invalid-session-cache", $"invalid session cache \"{call[i]}\"", i,
                        "Write off, none, builtin, builtin:number or shared:name:size.");
                    return;
            }
        }
        call.Scope.Set(SessionCache, cache);
    }
}
