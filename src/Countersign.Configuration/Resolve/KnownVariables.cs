namespace Countersign.Configuration.Resolve;

/// <summary>Variables that exist without the configuration's doing.</summary>
internal static class KnownVariables
{
    private static readonly HashSet<string> Fixed = Set(
        "http_host http_user_agent http_referer http_via http_x_forwarded_for http_cookie content_length content_type host " +
        "binary_remote_addr remote_addr remote_port proxy_protocol_addr proxy_protocol_port proxy_protocol_server_addr " +
        "proxy_protocol_server_port server_addr server_port server_protocol scheme https request_port is_request_port " +
        "request_uri uri document_uri request document_root realpath_root query_string is_args request_filename server_name " +
        "request_method remote_user bytes_sent body_bytes_sent pipe request_completion request_body request_body_file " +
        "request_length request_time request_id status sent_http_content_type sent_http_content_length sent_http_location " +
        "sent_http_last_modified sent_http_connection sent_http_keep_alive sent_http_transfer_encoding sent_http_cache_control " +
        "sent_http_link connection connection_requests connection_time nginx_version hostname pid msec time_iso8601 time_local " +
        "tcpinfo_rtt tcpinfo_rttvar tcpinfo_snd_cwnd tcpinfo_rcv_space " +
        "upstream_addr upstream_status upstream_connect_time upstream_header_time upstream_response_time " +
        "upstream_response_length upstream_bytes_received upstream_bytes_sent upstream_cache_status " +
        "upstream_cache_last_modified upstream_cache_etag proxy_add_x_forwarded_for proxy_internal_body_length proxy_internal_chunked");

    private static readonly HashSet<string> Changeable = Set(
        "args limit_rate proxy_host proxy_port " +
        "ssl_protocol ssl_cipher ssl_ciphers ssl_curve ssl_curves ssl_sigalg ssl_sigalgs ssl_session_id ssl_session_reused " +
        "ssl_early_data ssl_server_name ssl_alpn_protocol ssl_ech_status ssl_ech_outer_server_name ssl_client_cert " +
        "ssl_client_raw_cert ssl_client_escaped_cert ssl_client_s_dn ssl_client_i_dn ssl_client_s_dn_legacy " +
        "ssl_client_i_dn_legacy ssl_client_serial ssl_client_fingerprint ssl_client_verify ssl_client_v_start " +
        "ssl_client_v_end ssl_client_v_remain ssl_client_sigalg " +
        // Our own: a configuration of nginx may have given these names to something else.
        "refusal_id refusal_incident ssl_client_sha256 ssl_client_spki_sha256 ssl_client_san_dns ssl_client_san_uri ssl_client_san_email " +
        "ssl_client_san_ip ssl_client_chain_depth");

    private static readonly string[] Prefixes =
    [
        "http_", "arg_", "cookie_", "sent_http_", "sent_trailer_", "upstream_http_", "upstream_trailer_", "upstream_cookie_",
        "proxy_protocol_tlv_",
    ];

    public static IEnumerable<string> Names => Fixed.Concat(Changeable);

    /// <summary>A name that nginx itself defines, families such as <c>http_</c> left aside.</summary>
    public static bool IsBuiltIn(string name) => Fixed.Contains(name) || Changeable.Contains(name);

    /// <summary>One that <c>set</c> and <c>map</c> may take over.</summary>
    public static bool IsChangeable(string name) => Changeable.Contains(name);

    public static bool Exists(string name) =>
        IsBuiltIn(name) || Prefixes.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal));

    private static HashSet<string> Set(string names) => new(names.Split(' '), StringComparer.Ordinal);
}
