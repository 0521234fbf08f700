namespace Countersign.Conformance;

/// <summary>Connections that never become a request: the client's alert and the log's line.</summary>
public sealed class FailedHandshakes(Ground<FailedHandshakes.Servers> ground) : IClassFixture<Ground<FailedHandshakes.Servers>>
{
    public sealed class Servers : Subject
    {
        public override string Http =>
            TlsServers.Server("any", "bundle-intermediate-first", "ssl_verify_client optional;")
            + TlsServers.Server("new", "bundle-intermediate-first", "ssl_protocols TLSv1.3;")
            + TlsServers.Server("old", "bundle-intermediate-first", "ssl_protocols TLSv1.2; ssl_ciphers ECDHE-ECDSA-AES256-GCM-SHA384;")
            + "server { listen %%plain%%; return 200 plain; }\n";
    }

    private static SClient With(params string[] more) => new() { More = more };

    [Fact]
    public Task A_client_that_distrusts_the_server_says_so() => ground.Compare(script =>
        script.Tls("any", With("-tls1_3", "-CAfile", Trust.Shared.File("other-root.pem"), "-verify_return_error")));

    [Fact]
    public Task A_client_that_distrusts_the_server_says_so_over_tls_1_2() => ground.Compare(script =>
        script.Tls("any", With("-tls1_2", "-CAfile", Trust.Shared.File("other-root.pem"), "-verify_return_error")));

    [Fact]
    public Task A_client_too_old_is_told_the_version() => ground.Compare(script => script.Tls("new", With("-tls1_2")));

    [Fact]
    public Task A_client_too_new_is_told_the_version() => ground.Compare(script => script.Tls("old", With("-tls1_3")));

    [Fact]
    public Task No_shared_cipher_ends_the_handshake() =>
        ground.Compare(script => script.Tls("old", With("-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-GCM-SHA256")));

    [Fact]
    public Task A_shared_cipher_is_found() =>
        ground.Compare(script => script.Tls("old", Trust.Shared.Client("client", null, "-tls1_2")));

    [Fact]
    public Task An_unknown_application_protocol_ends_the_handshake() => ground.Compare(script => script.Tls("any", With("-alpn", "smtp")));

    [Fact]
    public Task The_known_application_protocol_is_agreed() => ground.Compare(async script =>
    {
        var result = await OpenSsl.Connect(script.EndPoint("any"), With("-alpn", "http/1.1,http/1.0") with { Quiet = false }, "GET / HTTP/1.0\r\n\r\n");
        script.Saw(string.Join("\n", result.Output.Split('\n').Where(line => line.StartsWith("ALPN", StringComparison.Ordinal))));
    });

    [Fact]
    public Task A_connection_without_a_byte_is_noted() => ground.Compare(async script =>
    {
        using var client = await script.Connect("any");
    });

    [Fact]
    public Task A_half_client_hello_is_noted() => ground.Compare(async script =>
    {
        using var client = await script.Connect("any");
        await client.Send("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03");
        client.FinishSending();
        script.Saw(await client.ReadToEnd());
    });

    [Fact]
    public Task Garbage_like_a_handshake_is_refused() =>
        ground.Compare(script => script.Exchange("any", "\x16\x03\x01\x00\x05hello"));

    [Fact]
    public Task An_ssh_client_is_refused() =>
        ground.Compare(script => script.Exchange("any", "SSH-2.0-OpenSSH_9.2p1\r\n"));

    [Fact]
    public Task A_proxy_protocol_line_is_refused() =>
        ground.Compare(script => script.Exchange("any", "PROXY TCP4 192.0.2.1 192.0.2.2 1234 443\r\n"));

    [Fact]
    public Task A_client_hello_on_the_plain_port_is_refused() =>
        ground.Compare(script => script.Exchange("plain", "\x16\x03\x01\x00\x05\x01\x00\x00\x01\x00"));
}
