using static Countersign.Configuration.Directives.DirectiveRow;

namespace Countersign.Configuration.Directives;

/// <summary>proxy_ssl_*.</summary>
internal static class ProxySslDirectives
{
    /// <summary>As written, and as a path.</summary>
    public static readonly Setting<(string Written, ComplexValue Path)?> Certificate = new(null);
    public static readonly Setting<(string Written, ComplexValue Path)?> CertificateKey = new(null);
    public static readonly Setting<SslCertificateCache?> CertificateCache = new(null);
    public static readonly Setting<IReadOnlyList<byte[]>?> Passwords = new(null);
    public static readonly Setting<IReadOnlyList<TlsVersions>> Protocols = new([TlsVersions.Tls12, TlsVersions.Tls13]);
    public static readonly Setting<string> Ciphers = new("DEFAULT");
    public static readonly Setting<IReadOnlyList<(string Name, string Value)>> ConfCommands = new([]);
    public static readonly Setting<bool> SessionReuse = new(true);
    public static readonly Setting<ComplexValue?> SslName = new(null);
    public static readonly Setting<bool> ServerName = new(false);
    public static readonly Setting<bool> Verify = new(false);
    public static readonly Setting<int> VerifyDepth = new(1);
    public static readonly Setting<string?> TrustedCertificate = new(null);
    public static readonly Setting<string?> Crl = new(null);

    private const Contexts Everywhere = Contexts.HttpServerLocation;

    public static IReadOnlyList<DirectiveRow> Rows { get; } =
    [
        One("proxy_ssl_certificate", Everywhere, "file", "", ComplexFile(Certificate)),
        One("proxy_ssl_certificate_key", Everywhere, "file", "", ComplexFile(CertificateKey)),
        new("proxy_ssl_certificate_cache", Everywhere, 1, 3, CertificateCacheDirective.Syntax, "off",
            call => CertificateCacheDirective.Bind(call, CertificateCache)),
        One("proxy_ssl_password_file", Everywhere, "file", "", call => PasswordFile.Bind(call, Passwords)),
        new("proxy_ssl_protocols", Everywhere, 1, Any, "[SSLv2] [SSLv3] [TLSv1] [TLSv1.1] [TLSv1.2] [TLSv1.3]", "TLSv1.2 TLSv1.3",
            Binders.Words(Protocols, SslDirectives.ProtocolNames)),
        One("proxy_ssl_ciphers", Everywhere, "ciphers", "DEFAULT", Binders.Text(Ciphers)),
        new("proxy_ssl_conf_command", Everywhere, 2, 2, "name value", "", call => call.Scope.Append(ConfCommands, (call[1], call[2]))),
        Flag("proxy_ssl_session_reuse", Everywhere, true, SessionReuse),
        One("proxy_ssl_name", Everywhere, "name", "$proxy_host", Binders.Complex(SslName)),
        Flag("proxy_ssl_server_name", Everywhere, false, ServerName),
        Flag("proxy_ssl_verify", Everywhere, false, Verify),
        One("proxy_ssl_verify_depth", Everywhere, "number", "1", Binders.Number(VerifyDepth)),
        One("proxy_ssl_trusted_certificate", Everywhere, "file", "", Binders.File(TrustedCertificate)),
        One("proxy_ssl_crl", Everywhere, "file", "", Binders.File(Crl)),
    ];

    /// <summary>Empty means none; a name that starts with a variable is put beside the configuration when it is known.</summary>
    private static Action<DirectiveCall> ComplexFile(Setting<(string Written, ComplexValue Path)?> setting) => call =>
    {
        if (call.Scope.Has(setting))
        {
            call.IsDuplicate();
            return;
        }
        var text = call[1];
        var path = text.Length == 0 || text[0] == '$' || text.StartsWith("data:", StringComparison.Ordinal) || text.StartsWith("engine:", StringComparison.Ordinal)
            ? text
            : call.ConfigurationPath(text);
        if (call.Complex(path) is { } value)
        {
            call.Scope.Set(setting, (text, value));
        }
    };
}
