namespace Countersign.Commands.Demo;

/// <summary>
/// The configuration that people are handed for client certificates, as two servers with only addresses and paths
/// replaced, and beside them what such a gate has for neighbours.
/// </summary>
internal static class DemoConfiguration
{
    public const string Service = "service.domain.com";
    public const string Partner = "partner.domain.com";
    public const string Archive = "archive.domain.com";
    public const string Testing = "testing.domain.com";
    public const string Public = "www.domain.com";

    /// <param name="backend">Its port on loopback.</param>
    /// <param name="isRoot">Then the workers stay root: the folder is closed to everybody else.</param>
    /// <param name="isForeign">Another server than Countersign: nginx creates temporary folders of modules that Countersign has not.</param>
    public static string Text(DemoPorts ports, int backend, bool isRoot, bool isForeign) =>
        $$"""
        {{(isRoot ? "user root;" : "# user nobody;")}}
        worker_processes 1;
        pid logs/gate.pid;
        error_log logs/error.log info;

        events {
            worker_connections 64;
        }

        http {
            access_log logs/access.log;
            client_body_temp_path temp/body;
            proxy_temp_path temp/proxy;
            {{(isForeign ? "fastcgi_temp_path temp/fastcgi; uwsgi_temp_path temp/uwsgi; scgi_temp_path temp/scgi;" : "")}}

            ssl_certificate ssl/wildcard/server.crt;
            ssl_certificate_key ssl/wildcard/server.key;
            ssl_session_cache shared:SSL:10m;
            ssl_session_timeout 10m;

            # Clients that name no server, or none of those below, come here and are never asked for a certificate.
            server {
                listen 127.0.0.1:{{ports.First}} ssl default_server;
                server_name {{Public}};
                return 200 "public\n";
            }

            # The first configuration. Without ssl_verify_depth one intermediate is allowed.
            server {
                listen 127.0.0.1:{{ports.First}} ssl;
                server_name {{Service}};
                ssl_certificate ssl/wildcard/server.crt;
                ssl_certificate_key ssl/wildcard/server.key;
                ssl_client_certificate ssl/client.certificates/client_package.cer;
                ssl_verify_client on;
                # Additional security settings
                ssl_protocols TLSv1.2 TLSv1.3;
                ssl_prefer_server_ciphers on;
                ssl_crl ssl/client.certificates/crl.pem;
        {{Location(backend)}}
            }

            # The second configuration.
            server {
                listen 127.0.0.1:{{ports.Second}} ssl;
                server_name {{Service}};
                # Server certificates
                ssl_certificate ssl/wildcard/server.crt;
                ssl_certificate_key ssl/wildcard/server.key;
                # Client certificate configuration
                ssl_client_certificate ssl/client.certificates/client_package.cer;
                ssl_verify_client on;
                # Recommended additional parameters
                ssl_verify_depth 2;
                ssl_protocols TLSv1.2;
                ssl_ciphers HIGH:!aNULL:!MD5;
        {{Location(backend)}}
            }

            # Another server that verifies.
            server {
                listen 127.0.0.1:{{ports.First}} ssl;
                server_name {{Partner}};
                ssl_client_certificate ssl/client.certificates/client_package.cer;
                ssl_verify_client on;
        {{Location(backend)}}
            }

            # Nobody renewed its revocation list.
            server {
                listen 127.0.0.1:{{ports.First}} ssl;
                server_name {{Archive}};
                ssl_client_certificate ssl/client.certificates/client_package.cer;
                ssl_verify_client on;
                ssl_crl ssl/client.certificates/crl-expired.pem;
        {{Location(backend)}}
            }

            server {
                listen 127.0.0.1:{{ports.First}} ssl;
                server_name {{Testing}};
                ssl_client_certificate ssl/client.certificates/client_package.cer;
                ssl_verify_client optional_no_ca; # For testing
        {{Location(backend)}}
            }
        }

        """;

    private static string Location(int backend) =>
        $$"""
                location / {
                    proxy_pass http://127.0.0.1:{{backend}};
                    proxy_set_header X-SSL-Cert $ssl_client_cert;
                    proxy_set_header X-SSL-Verify $ssl_client_verify;
                    proxy_set_header X-SSL-Serial $ssl_client_serial;
                }
        """;
}
