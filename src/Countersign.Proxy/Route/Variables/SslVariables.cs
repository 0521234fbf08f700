using Countersign.Native;
using Countersign.Proxy.Request;

namespace Countersign.Proxy.Route.Variables;

/// <summary>ngx_http_ssl_module's variables, byte for byte.</summary>
internal static class SslVariables
{
    private static readonly Bytes Reused = VariableText.Constant("r");
    private static readonly Bytes Full = VariableText.Constant(".");

    public static VariableGetter? Find(string name) => name switch
    {
        "ssl_protocol" => Text(tls => tls.Protocol),
        "ssl_cipher" => Text(tls => tls.Cipher),
        "ssl_ciphers" => Text(tls => tls.Ciphers),
        "ssl_curve" => Text(tls => tls.Curve),
        "ssl_curves" => Text(tls => tls.Curves),
        "ssl_server_name" => Text(tls => tls.ServerName),
        "ssl_alpn_protocol" => Text(tls => tls.AlpnProtocol),
        "ssl_session_id" => Text(tls => tls.SessionId is { Length: > 0 } id ? Convert.ToHexStringLower(id) : null),
        "ssl_session_reused" => x => x.Client.Tls is { } tls ? tls.SessionReused ? Reused : Full : default,
        "ssl_early_data" => _ => default,
        "ssl_client_verify" => Verify,
        "ssl_client_cert" => Of(certificate => certificate.PemWithTabs),
        "ssl_client_raw_cert" => Of(certificate => certificate.Pem),
        "ssl_client_escaped_cert" => Of(certificate => certificate.EscapedPem),
        "ssl_client_s_dn" => Of(certificate => certificate.SubjectDn),
        "ssl_client_i_dn" => Of(certificate => certificate.IssuerDn),
        "ssl_client_s_dn_legacy" => Of(certificate => certificate.SubjectDnLegacy),
        "ssl_client_i_dn_legacy" => Of(certificate => certificate.IssuerDnLegacy),
        "ssl_client_serial" => Of(certificate => certificate.Serial),
        "ssl_client_fingerprint" => Of(certificate => certificate.Fingerprint),
        "ssl_client_v_start" => Of(certificate => certificate.ValidStart),
        "ssl_client_v_end" => Of(certificate => certificate.ValidEnd),
        "ssl_client_v_remain" => x => x.Client.Certificate is { } certificate ? new Bytes(certificate.ValidRemain(x.Worker.Time.GetUtcNow())) : default,
        _ => null,
    };

    private static VariableGetter Text(Func<TlsConnection, string?> read) =>
        exchange => exchange.Client.Tls is { } tls && read(tls) is { Length: > 0 } text ? VariableText.Latin(exchange, text) : default;

    /// <summary>Texts of a certificate are made once for a connection, however many requests ask for them.</summary>
    private static VariableGetter Of(Func<Certificate, byte[]> read) =>
        exchange => exchange.Client.Certificate is { } certificate ? VariableText.OrNotFound(new Bytes(read(certificate))) : default;

    private static Bytes Verify(Exchange exchange) =>
        exchange.Client.Tls is null ? default : new Bytes(exchange.Identity.TextBytes);
}
