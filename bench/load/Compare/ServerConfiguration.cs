namespace Countersign.Load.Compare;

/// <summary>How a server runs, apart from whose it is.</summary>
/// <param name="Connections">worker_connections: nginx sets memory apart for each of them at its start.</param>
/// <param name="SessionCache">Its size.</param>
/// <param name="Explains">The gate keeps a refusal log, as it does when nothing is said about it.</param>
internal sealed record ServerSettings(IReadOnlyDictionary<Keys, int> Ports, int Backend, int Loops = 1, int Connections = 4096, string SessionCache = "10m", bool Explains = true);

/// <summary>The gate people are handed for client certificates, with sessions as they are advised to keep them and nothing logged.</summary>
internal static class ServerConfiguration
{
    /// <param name="isCountersign">Otherwise the server is nginx, which makes folders for modules that Countersign has not.</param>
    public static string Text(Bench bench, ServerSettings settings, bool isCountersign) =>
        $$"""
        worker_processes {{settings.Loops}};
        daemon off;
        pid server.pid;
        error_log error.log error;
        events { worker_connections {{settings.Connections}}; }
        http {
            access_log off;
            client_body_temp_path body;
            proxy_temp_path proxy;
            {{(settings.Explains ? "" : "refusal_log off;")}}
            {{(isCountersign ? "" : "fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;")}}
            keepalive_requests 1000000000;
            keepalive_timeout 10m;
            client_max_body_size 0;
            ssl_protocols TLSv1.2 TLSv1.3;
            ssl_verify_client on;
            ssl_verify_depth 2;
            ssl_session_cache shared:SSL:{{settings.SessionCache}};
            ssl_session_timeout 10m;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_set_header Host $host;
            proxy_set_header X-SSL-Cert $ssl_client_escaped_cert;
            proxy_set_header X-SSL-Verify $ssl_client_verify;
            proxy_set_header X-SSL-DN $ssl_client_s_dn;
            upstream backend {
                server 127.0.0.1:{{settings.Backend}};
                keepalive 128;
                keepalive_requests 1000000000;
            }
        {{string.Concat(settings.Ports.Select(port => Server(bench.CertificateFolder(port.Key), port.Value)))}}
        }

        """;

    private static string Server(string certificates, int port) =>
        $$"""
            server {
                listen 127.0.0.1:{{port}} ssl backlog=1024;
                server_name {{Authority.ServerName}};
                ssl_certificate {{certificates}}/server.pem;
                ssl_certificate_key {{certificates}}/server.key;
                ssl_client_certificate {{certificates}}/bundle.pem;
                location / { proxy_pass http://backend; }
                location /unbuffered { proxy_pass http://backend; proxy_request_buffering off; }
            }

        """;
}
