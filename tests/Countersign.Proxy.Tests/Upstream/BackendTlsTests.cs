using Countersign.Native;
using Countersign.Proxy.Request;
using Countersign.Proxy.Upstream.Peers;

namespace Countersign.Proxy.Tests.Upstream;

public sealed class BackendTlsTests
{
    [Theory]
    [InlineData("backend.example:8443", "backend.example")]
    [InlineData("backend.example", "backend.example")]
    [InlineData("127.0.0.1:8443", null)]
    [InlineData("[::1]:8443", null)]
    [InlineData("1.2.3", "1.2.3")]
    [InlineData("1.2.3.4.5", "1.2.3.4.5")]
    [InlineData("1.2.3.256", "1.2.3.256")]
    public void A_server_name_is_a_name_without_its_port(string written, string? sent)
    {
        using var client = With($"proxy_pass https://127.0.0.1:1; proxy_ssl_server_name on; proxy_ssl_name {written};");
        Identity(client).ServerName.ShouldBe(sent);
        using var evaluated = With($"set $name {written}; proxy_pass https://127.0.0.1:1; proxy_ssl_server_name on; proxy_ssl_name $name;");
        Identity(evaluated, written).ServerName.ShouldBe(sent);
    }

    [Fact]
    public void Without_a_name_of_its_own_the_host_of_proxy_pass_is_meant()
    {
        using var client = With("proxy_pass https://u; proxy_ssl_server_name on;", "upstream u { server 127.0.0.1:1; }");
        Identity(client).ServerName.ShouldBe("u");
        using var evaluated = With("proxy_pass https://$host; proxy_ssl_server_name on;");
        Identity(evaluated, "u:8443").ServerName.ShouldBe("u");
    }

    [Fact]
    public void A_location_that_neither_names_nor_verifies_has_the_same_connections_for_every_name()
    {
        using var client = With("set $name one; proxy_pass https://127.0.0.1:1; proxy_ssl_name $name;");
        Identity(client, "one").ShouldBe(Identity(client, "two"));
    }

    [Fact]
    public void Asking_for_a_constant_identity_allocates_nothing()
    {
        using var client = With("proxy_pass https://127.0.0.1:1; proxy_ssl_server_name on; proxy_ssl_name one;");
        var exchange = Exchange(client);
        var tls = exchange.Generation.Backends.Tls;
        tls.Of(exchange, default);
        var before = GC.GetAllocatedBytesForCurrentThread();
        tls.Of(exchange, default);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    [Fact]
    public void Locations_with_equal_settings_share_a_context()
    {
        using var client = new OneClient(
            """
            proxy_ssl_ciphers AES128-SHA;
            server {
                listen 127.0.0.1:8081;
                location /a { proxy_pass https://127.0.0.1:1; }
                location /b { proxy_pass https://127.0.0.1:2; }
                location /c { proxy_pass https://127.0.0.1:3; proxy_ssl_session_reuse off; }
                location /d { proxy_pass http://127.0.0.1:3; proxy_ssl_ciphers DEFAULT; }
            }
            """);
        var plan = client.Client.Generation.Http;
        var contexts = plan.Locations.Where(location => location.ProxyPass is { Ssl: true })
            .Select(location => Identity(client, location: location.Name).Context).ToArray();
        contexts.Length.ShouldBe(3);
        contexts.Distinct().Count().ShouldBe(2);
    }

    [Theory]
    [InlineData("proxy_ssl_certificate /nowhere/a; proxy_ssl_certificate_key /nowhere/b;", "cannot load certificate \"/nowhere/a\": BIO_new_file() failed (SSL: ")]
    [InlineData("proxy_ssl_verify on; proxy_ssl_trusted_certificate /nowhere/c;", "cannot load certificate \"/nowhere/c\": BIO_new_file() failed (SSL: ")]
    [InlineData("proxy_ssl_ciphers NONE-SUCH;", "SSL_CTX_set_cipher_list(\"NONE-SUCH\") failed (SSL: ")]
    public void What_cannot_be_loaded_stops_the_start_in_nginx_s_words(string settings, string words)
    {
        var plan = OneClient.Load($"server {{ listen 127.0.0.1:8081; location / {{ proxy_pass https://127.0.0.1:1; {settings} }} }}");
        Should.Throw<TlsConfigurationException>(() => new BackendTls(plan.Http!, "/")).Message.ShouldStartWith(words);
    }

    [Fact]
    public void Settings_that_no_location_uses_are_not_loaded()
    {
        var plan = OneClient.Load("proxy_ssl_ciphers NONE-SUCH; server { listen 127.0.0.1:8081; location / { proxy_pass http://127.0.0.1:1; } }");
        new BackendTls(plan.Http!, "/").Dispose();
    }

    private static OneClient With(string location, string http = "") =>
        new($"{http} server {{ listen 127.0.0.1:8081; location /here {{ {location} }} }}");

    private static Exchange Exchange(OneClient client, string location = "/here")
    {
        var exchange = client.Begin();
        exchange.Location = exchange.Generation.Http.Locations.First(candidate => candidate.Name == location);
        return exchange;
    }

    /// <param name="value">Of $proxy_host, and of $name.</param>
    private static TlsIdentity Identity(OneClient client, string value = "", string location = "/here")
    {
        var exchange = Exchange(client, location);
        var bytes = new Bytes(System.Text.Encoding.Latin1.GetBytes(value));
        if (exchange.Generation.Http.Variables.TryGetIndex("name", out var index))
        {
            exchange.Slot(index) = new VariableSlot { Value = bytes, IsSet = true };
        }
        return exchange.Generation.Backends.Tls.Of(exchange, bytes);
    }
}
