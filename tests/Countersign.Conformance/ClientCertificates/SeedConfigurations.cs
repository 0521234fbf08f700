namespace Countersign.Conformance;

/// <summary>Configurations as they are handed on in answers about client certificates; only addresses and paths are replaced.</summary>
public sealed class SeedConfigurations(Ground<SeedConfigurations.Answers> ground) : IClassFixture<Ground<SeedConfigurations.Answers>>
{
    public sealed class Answers : Subject
    {
        public override IReadOnlyList<string> Backends => ["app"];

        public override string Http => """
            server {
            listen %%first%% ssl;
            server_name service.domain.com;
            ssl_certificate pki/server.pem;
            ssl_certificate_key pki/server.key;
            ssl_client_certificate pki/bundle-seed.pem;
            ssl_verify_client on;
            # Additional security settings
            ssl_protocols TLSv1.2 TLSv1.3;
            ssl_prefer_server_ciphers on;
            }
            server {
            listen %%second%% ssl;
            server_name service.domain.com;
            # Server certificates
            ssl_certificate pki/server.pem;
            ssl_certificate_key pki/server.key;
            # Client certificate configuration
            ssl_client_certificate pki/bundle-leaf-first.pem;
            ssl_verify_client on;
            # Recommended additional parameters
            ssl_verify_depth 2;
            ssl_protocols TLSv1.2;
            ssl_ciphers HIGH:!aNULL:!MD5;
            }
            server {
            listen %%diagnosed%% ssl;
            server_name service.domain.com;
            ssl_certificate pki/server.pem;
            ssl_certificate_key pki/server.key;
            ssl_client_certificate pki/bundle-seed.pem;
            error_log logs/ssl_error.log debug;
            ssl_verify_depth 3; # Ensure proper chain verification depth
            ssl_crl pki/crl-revoked.pem; # If using Certificate Revocation Lists
            ssl_verify_client optional_no_ca; # For testing
            ssl_session_cache shared:SSL:10m;
            ssl_session_timeout 10m;
            }
            server {
            listen %%passing%% ssl;
            server_name service.domain.com;
            ssl_certificate pki/server.pem;
            ssl_certificate_key pki/server.key;
            ssl_client_certificate pki/bundle-leaf-first.pem;
            ssl_verify_client optional;
            ssl_verify_depth 2;
            location / {
            proxy_pass http://%%backend:app%%;
            proxy_http_version 1.1;
            proxy_set_header Host $proxy_host; # mainline sends it first in any case
            proxy_set_header Connection "";
            proxy_set_header X-SSL-Cert $ssl_client_cert;
            proxy_set_header X-SSL-Verify $ssl_client_verify;
            proxy_set_header X-SSL-Serial $ssl_client_serial;
            }
            }
            """;

        public override void Files(string prefix)
        {
            var page = Path.Combine(prefix, "html", "index.html");
            File.WriteAllText(page, "<p>the gate</p>\n");
            File.SetLastWriteTimeUtc(page, new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc));
        }
    }

    public static TheoryData<string, string, string> All()
    {
        var all = new TheoryData<string, string, string>();
        foreach (var server in (string[])["first", "second", "diagnosed", "passing"])
        {
            foreach (var client in (string[])["none", "client", "client2", "direct", "other", "expired"])
            {
                all.Add(server, client, "-tls1_2");
            }

            all.Add(server, "client", "-tls1_3");
        }

        return all;
    }

    [Theory]
    [MemberData(nameof(All))]
    public Task The_answer_works_as_under_nginx(string server, string client, string version) => ground.Compare(
        script =>
        {
            string[] more = [version, "-CAfile", Trust.Shared.File("server-root.pem")];
            var sent = client == "none" ? new SClient { More = more } : Trust.Shared.Client(client, null, more);
            return script.Tls(server, sent with { ServerName = "service.domain.com" }, "GET / HTTP/1.1\r\nHost: service.domain.com\r\nConnection: close\r\n\r\n");
        },
        $"{nameof(The_answer_works_as_under_nginx)}: {server} {client} {version}");
}
