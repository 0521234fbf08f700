namespace Countersign.Conformance;

/// <summary>Every <c>$ssl_client_*</c>, in an answer and on the way to the backend.</summary>
public sealed class IdentityHeaders(Ground<IdentityHeaders.Servers> ground) : IClassFixture<Ground<IdentityHeaders.Servers>>
{
    public sealed class Servers : Subject
    {
        private static readonly string[] Variables =
        [
            "verify", "cert", "raw_cert", "escaped_cert", "s_dn", "i_dn", "s_dn_legacy", "i_dn_legacy", "serial", "fingerprint", "v_start", "v_end", "v_remain",
        ];

        public override IReadOnlyList<string> Backends => ["app"];

        public override string Http => $$"""
            server {
                listen %%tls%% ssl;
                server_name localhost;
                ssl_certificate pki/server.pem;
                ssl_certificate_key pki/server.key;
                ssl_client_certificate pki/bundle-intermediate-first.pem;
                ssl_verify_client optional_no_ca;
                ssl_verify_depth 2;
                proxy_http_version 1.1;
                location / {
                    proxy_set_header Host $host;
                    proxy_set_header Connection "";
                    proxy_set_header X-SSL-Client-Verify $ssl_client_verify;
                    proxy_set_header X-SSL-Client-Cert $ssl_client_escaped_cert;
                    proxy_set_header X-SSL-Client-S-DN $ssl_client_s_dn;
                    proxy_set_header X-SSL-Client-Fingerprint $ssl_client_fingerprint;
                    proxy_pass http://%%backend:app%%;
                }
                location = /folded {
                    proxy_set_header Host $proxy_host;
                    proxy_set_header Connection "";
                    proxy_set_header X-SSL-Cert $ssl_client_cert;
                    proxy_pass http://%%backend:app%%;
                }
                location = /guarded {
                    if ($ssl_client_verify != SUCCESS) { return 403; }
                    return 200 "welcome $ssl_client_s_dn\n";
                }
                location = /mapped { if ($allowed = 0) { return 403 "not you\n"; } return 200 "you\n"; }
                location = /tls {
                    return 200 "$ssl_protocol $ssl_cipher $ssl_server_name [$ssl_session_reused] [$ssl_early_data] $scheme $https\n";
                }
                {{string.Concat(Variables.Select(each => $"location = /{each} {{ return 200 \"[$ssl_client_{each}]\\n\"; }}\n"))}}
            }
            map $ssl_client_s_dn $allowed { default 0; "~CN=client one" 1; }
            server { listen %%plain%%; location / { return 200 "[$ssl_client_verify][$ssl_client_s_dn][$ssl_protocol][$https]"; } }
            """;

        public static TheoryData<string, string> All()
        {
            var all = new TheoryData<string, string>();
            foreach (var variable in Variables)
            {
                all.Add(variable, "client");
            }

            foreach (var variable in (string[])["verify", "s_dn", "s_dn_legacy", "i_dn", "serial"])
            {
                all.Add(variable, "unicode");
                all.Add(variable, "other");
                all.Add(variable, "none");
            }

            all.Add("escaped_cert", "none");
            return all;
        }
    }

    private static string Request(string target, string more = "") => $"GET {target} HTTP/1.1\r\nHost: localhost\r\n{more}Connection: close\r\n\r\n";

    private static SClient Client(string name) => name == "none" ? new SClient() : Trust.Shared.Client(name);

    [Theory]
    [MemberData(nameof(Servers.All), MemberType = typeof(Servers))]
    public Task A_variable_has_the_same_bytes(string variable, string client) => ground.Compare(
        script => script.Tls("tls", Client(client), Request("/" + variable)),
        $"{nameof(A_variable_has_the_same_bytes)}: {variable} {client}");

    [Fact]
    public Task The_identity_reaches_the_backend() =>
        ground.Compare(script => script.Tls("tls", Client("client"), Request("/")));

    [Fact]
    public Task A_forged_identity_is_overwritten() => ground.Compare(script => script.Tls(
        "tls",
        Client("client"),
        Request("/", "x-ssl-client-verify: SUCCESS\r\nX-SSL-Client-S-DN: CN=admin\r\nX_SSL_CLIENT_S_DN: CN=admin\r\nX-Ssl-Client-Cert: a\r\nX-Ssl-Client-Cert: b\r\nX-Other: 1\r\n")));

    [Fact]
    public Task A_forged_identity_without_a_certificate_is_dropped() => ground.Compare(script =>
        script.Tls("tls", Client("none"), Request("/", "X-SSL-Client-Verify: SUCCESS\r\nX-SSL-Client-S-DN: CN=admin\r\n")));

    [Fact]
    public Task The_certificate_is_folded_with_tabs() =>
        ground.Compare(script => script.Tls("tls", Client("client"), Request("/folded")));

    [Fact]
    public Task An_if_on_the_verdict_guards() => ground.Compare(async script =>
    {
        await script.Tls("tls", Client("client"), Request("/guarded"));
        await script.Tls("tls", Client("other"), Request("/guarded"));
        await script.Tls("tls", Client("none"), Request("/guarded"));
    });

    [Fact]
    public Task A_map_on_the_subject_guards() => ground.Compare(async script =>
    {
        await script.Tls("tls", Client("client"), Request("/mapped"));
        await script.Tls("tls", Client("client2"), Request("/mapped"));
    });

    [Theory]
    [InlineData("-tls1_2")]
    [InlineData("-tls1_3")]
    public Task The_session_is_described_the_same(string version) => ground.Compare(
        script => script.Tls("tls", new SClient { More = [version] }, Request("/tls")),
        $"{nameof(The_session_is_described_the_same)}: {version}");

    [Fact]
    public Task A_plain_connection_has_no_identity() => ground.Compare(script => script.Get("plain", "/"));
}
