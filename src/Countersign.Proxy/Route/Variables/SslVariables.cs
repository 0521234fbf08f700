using System.Text;
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
        "ssl_protocol" => Text(0, tls => tls.Protocol),
        "ssl_cipher" => Text(1, tls => tls.Cipher),
        "ssl_ciphers" => Text(2, tls => tls.Ciphers),
        "ssl_curve" => Text(3, tls => tls.Curve),
        "ssl_curves" => Text(4, tls => tls.Curves),
        "ssl_sigalgs" => Text(5, tls => tls.SignatureAlgorithms),
        "ssl_server_name" => Text(6, tls => tls.ServerName),
        "ssl_alpn_protocol" => Text(7, tls => tls.AlpnProtocol),
        "ssl_session_id" => Text(8, tls => tls.SessionId is { Length: > 0 } id ? Convert.ToHexStringLower(id) : null),
        "ssl_session_reused" => x => x.Client.Tls is { } tls ? tls.SessionReused ? Reused : Full : default,
        // No early data is taken; and what libssl before 3.5 has no call for is not found under nginx either.
        "ssl_early_data" or "ssl_sigalg" or "ssl_client_sigalg" or "ssl_ech_status" or "ssl_ech_outer_server_name" => _ => default,
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
        _ => RefusalVariables.Find(name),
    };

    /// <param name="place">Where the connection keeps the text once the handshake is done.</param>
    internal static VariableGetter Text(int place, Func<TlsConnection, string?> read) => exchange =>
    {
        if (exchange.Client.Tls is not { } tls)
        {
            return default;
        }
        if (exchange.Client.TlsTexts[place] is not { } text)
        {
            text = Encoding.Latin1.GetBytes(read(tls) ?? "");
            if (tls.IsHandshakeDone)
            {
                exchange.Client.TlsTexts[place] = text;
            }
        }
        return VariableText.OrNotFound(new Bytes(text));
    };

    /// <summary>Texts of a certificate are made once, however many requests ask for them.</summary>
    internal static VariableGetter Of(Func<Certificate, byte[]> read) =>
        exchange => exchange.Client.Certificate is { } certificate ? VariableText.OrNotFound(new Bytes(read(certificate))) : default;

    private static Bytes Verify(Exchange exchange) =>
        exchange.Client.Tls is null ? default : new Bytes(exchange.Identity.TextBytes);
}
