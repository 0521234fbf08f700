namespace Countersign.Conformance;

/// <summary>What the cases of one class share: a configuration that both servers run, and the backends behind it.</summary>
public abstract class Subject
{
    /// <summary>What stands inside <c>http { }</c>. Certificates are at <c>pki/</c>, beside nginx.conf.</summary>
    public abstract string Http { get; }

    /// <summary>
    /// A name here is <c>%%backend:name%%</c> in the configuration, and <c>%%port:name%%</c> its port. One that begins with <c>tls</c> speaks TLS and
    /// asks for a certificate; one that begins with <c>unix</c> listens on a unix socket.
    /// </summary>
    public virtual IReadOnlyList<string> Backends => [];

    /// <summary>Replaces the access log's format.</summary>
    public virtual string LogFormat => """'$remote_addr "$request" $status "$http_user_agent"'""";

    public virtual void Files(string prefix)
    {
    }

    public string Configuration => $$"""
        daemon off;
        master_process off;
        pid logs/server.pid;
        error_log logs/error.log info;
        events { worker_connections 256; }
        http {
            client_body_temp_path temp/body;
            proxy_temp_path temp/proxy;
            # The default of Debian's nginx is without TLS 1.3, that of mainline with it.
            ssl_protocols TLSv1.2 TLSv1.3;
            log_format line {{LogFormat}};
            access_log logs/access.log line;
            # What a case left in the logs is complete when the refusal of the request after it is there too.
            server { listen %%fence%%; location / { deny all; } }
        {{Http}}
        }
        """;
}
