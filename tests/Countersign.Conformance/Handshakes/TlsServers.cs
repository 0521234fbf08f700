namespace Countersign.Conformance;

/// <summary>Server blocks that ask for a client certificate, written once.</summary>
internal static class TlsServers
{
    public const string Identity =
        "verify=$ssl_client_verify subject=$ssl_client_s_dn issuer=$ssl_client_i_dn serial=$ssl_client_serial " +
        "protocol=$ssl_protocol name=$ssl_server_name reused=$ssl_session_reused";

    /// <summary>One server on the port <paramref name="name"/>, which answers with what it knows of the client.</summary>
    public static string Server(string name, string bundle, string more = "") => $$"""
        server {
            listen %%{{name}}%% ssl;
            server_name localhost;
            ssl_certificate pki/server.pem;
            ssl_certificate_key pki/server.key;
            ssl_client_certificate pki/{{bundle}}.pem;
            {{(more.Contains("ssl_verify_client", StringComparison.Ordinal) ? "" : "ssl_verify_client on;")}}
            {{more}}
            location / { return 200 "{{Identity}}\n"; }
        }

        """;
}
