namespace Countersign.Conformance;

/// <summary>proxy_ssl_*: how the gate talks TLS to a backend, and whom it trusts there.</summary>
public sealed class TlsBackends(Ground<TlsBackends.Servers> ground) : IClassFixture<Ground<TlsBackends.Servers>>
{
    public sealed class Servers : Subject
    {
        public override IReadOnlyList<string> Backends => ["tls-app", "tls-reused", "tls-shared", "app"];

        public override string Http => """
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            server {
                listen %%http%%;
                # nginx keeps one session an address for all locations, with the verdict of the first that used it.
                proxy_ssl_session_reuse off;
                location /any { proxy_pass https://%%backend:tls-app%%; }
                location /verified {
                    proxy_ssl_verify on; proxy_ssl_name localhost; proxy_ssl_server_name on;
                    proxy_ssl_trusted_certificate pki/server-root.pem; proxy_pass https://%%backend:tls-app%%;
                }
                location /wrong-name {
                    proxy_ssl_verify on; proxy_ssl_name other.test;
                    proxy_ssl_trusted_certificate pki/server-root.pem; proxy_pass https://%%backend:tls-app%%;
                }
                location /wrong-ca {
                    proxy_ssl_verify on; proxy_ssl_name localhost;
                    proxy_ssl_trusted_certificate pki/other-root.pem; proxy_pass https://%%backend:tls-app%%;
                }
                location /with-certificate {
                    proxy_ssl_certificate pki/client.pem; proxy_ssl_certificate_key pki/client.key; proxy_pass https://%%backend:tls-app%%;
                }
                location /reused {
                    proxy_ssl_session_reuse on; proxy_ssl_verify on; proxy_ssl_name localhost;
                    proxy_ssl_trusted_certificate pki/server-root.pem; proxy_pass https://%%backend:tls-reused%%;
                }
                location /trusting {
                    proxy_ssl_session_reuse on; proxy_ssl_verify on; proxy_ssl_name localhost;
                    proxy_ssl_trusted_certificate pki/server-root.pem; proxy_pass https://%%backend:tls-shared%%;
                }
                location /distrusting {
                    proxy_ssl_session_reuse on; proxy_ssl_verify on; proxy_ssl_name localhost;
                    proxy_ssl_trusted_certificate pki/other-root.pem; proxy_pass https://%%backend:tls-shared%%;
                }
                location /tls12 { proxy_ssl_protocols TLSv1.2; proxy_pass https://%%backend:tls-app%%; }
                location /plain-backend { proxy_pass https://%%backend:app%%; }
                location /plain-to-tls { proxy_pass http://%%backend:tls-app%%; }
            }
            """;
    }

    [Theory]
    [InlineData("/any")]
    [InlineData("/verified")]
    [InlineData("/wrong-name")]
    [InlineData("/wrong-ca")]
    [InlineData("/with-certificate")]
    [InlineData("/tls12")]
    [InlineData("/plain-to-tls")]
    public Task A_tls_backend_is_reached_the_same(string target) =>
        ground.Compare(script => script.Get("http", target), $"{nameof(A_tls_backend_is_reached_the_same)}: {target}");

    [Fact]
    public Task A_session_with_a_backend_is_used_again() => ground.Compare(async script =>
    {
        await script.Get("http", "/reused");
        await script.Get("http", "/reused");
    });

    [Fact]
    public Task A_session_that_one_location_verified_vouches_in_another() => ground.Compare(async script =>
    {
        await script.Get("http", "/trusting");
        await script.Get("http", "/distrusting");
    });

    [Fact]
    public Task A_backend_that_speaks_no_tls_is_an_error() => ground.Compare(script =>
    {
        script.Backend().Handler = async connection =>
        {
            // After its ClientHello came, so that the answer is always met at the same step.
            await connection.ReadBytes(3);
            await connection.Send("HTTP/1.1 400 Bad Request\r\n\r\n");
            await connection.Stall();
        };
        return script.Get("http", "/plain-backend");
    });
}
