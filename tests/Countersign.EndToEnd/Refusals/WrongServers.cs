namespace Countersign.EndToEnd.Refusals;

/// <summary>Handshakes that another server led than the one that wants the certificate.</summary>
public sealed class WrongServers(WrongServers.Ground ground) : IClassFixture<WrongServers.Ground>
{
    private const string Default = "default.example";
    private const string Guarded = "api.example";

    public sealed class Ground : RefusalGround
    {
        protected override Task<RefusalGate> Open() =>
            RefusalGate.Open(RefusalGate.Plain(name: Default) + RefusalGate.Guarded(name: Guarded), ("bundle.pem", Root.Pem));
    }

    [Fact]
    [Refuses("not-asked/no-sni")]
    public async Task Without_a_server_name_the_default_server_asks_nobody()
    {
        var record = await ground.Gate.Refused(Client("CN=nameless", null), Guarded);
        record.ShouldBe("not-asked/no-sni", "client", "proved", ("asked", false), ("host", Guarded), ("default_server_asks", "off"))
            .ShouldBeOnPage("not-asked/no-sni");
        record.Message.ShouldContain($"the default server \"{Default}\" ({ground.Gate.At("server {")})");
        record.Nginx.ShouldBe("client sent no required SSL certificate");
    }

    [Fact]
    [Innocent("not-asked/no-sni")]
    public Task Without_a_server_name_the_default_server_itself_serves() => ground.Gate.Accepted(Client("CN=at home", null), Default);

    [Fact]
    [Refuses("not-asked/unknown-sni")]
    public async Task A_name_that_no_server_has_is_told_with_the_nearest()
    {
        var record = await ground.Gate.Refused(Client("CN=misspelt", "apii.example"), Guarded);
        record.ShouldBe("not-asked/unknown-sni", "operator", "proved", ("sni", "apii.example"), ("nearest_name", Guarded)).ShouldBeOnPage("not-asked/unknown-sni");
        record.Pastes[0].ShouldBe("server_name api.example apii.example;");
    }

    [Fact]
    [Innocent("not-asked/unknown-sni")]
    [Innocent("not-asked/sni-host-mismatch")]
    public Task A_name_that_a_server_has_is_asked_by_it() => ground.Gate.Accepted(Client("CN=well spelt", Guarded));

    [Fact]
    [Refuses("not-asked/sni-host-mismatch")]
    public async Task A_handshake_for_one_server_and_a_request_for_another_are_told_apart()
    {
        var record = await ground.Gate.Refused(Client("CN=two names", Default), Guarded);
        record.ShouldBe("not-asked/sni-host-mismatch", "client", "proved", ("sni", Default), ("host", Guarded), ("request_number", 1))
            .ShouldBeOnPage("not-asked/sni-host-mismatch");
        record.Answer.ShouldStartWith("HTTP/1.1 421 ");
        record.Message.ShouldContain(ground.Gate.At("ssl_verify_client on;"));
    }

    [Fact]
    [Refuses("not-asked/connection-coalesced")]
    public async Task A_second_request_for_another_name_of_the_same_certificate_shares_the_connection()
    {
        await using var gate = await Shared();
        var record = await gate.Refused(() => Twice(gate, "service.domain.com"));
        record.ShouldBe("not-asked/connection-coalesced", "operator", "likely",
            ("request_number", 2), ("sni", "localhost"), ("server_certificate_names", (string[])["localhost", "service.domain.com"]))
            .ShouldBeOnPage("not-asked/connection-coalesced");
    }

    [Fact]
    [Innocent("not-asked/connection-coalesced")]
    public async Task A_second_request_for_the_same_name_shares_it_rightly()
    {
        await using var gate = await Shared();
        (await Twice(gate, "localhost")).Split("HTTP/1.1 200").Length.ShouldBe(3);
        gate.RefusalLog.Read().ShouldNotContain("not-asked/");
    }

    [Fact]
    [Refuses("not-asked/cross-trust")]
    public async Task A_client_of_the_default_server_is_not_verified_for_another()
    {
        var other = Identity.SelfSigned("CN=Partner Root");
        await using var gate = await TwoBundles(ground.Root, other);
        var partner = other.Issue("CN=partner");
        var record = await gate.Refused(gate.As(partner) with { ServerName = null }, Guarded);
        record.ShouldBe("not-asked/cross-trust", "client", "proved",
            ("certificate_subject", "CN=partner"), ("verified_against_names", (string[])["CN=Partner Root"]), ("wanted_names", (string[])["CN=Root"]))
            .ShouldBeOnPage("not-asked/cross-trust");
        record.Answer.ShouldStartWith("HTTP/1.1 421 ");
    }

    [Fact]
    public async Task A_verified_client_that_is_misdirected_is_known_by_its_hello_and_its_past()
    {
        await using var gate = await TwoBundles(ground.Root, Identity.SelfSigned("CN=Partner Root"));
        var client = gate.As(ground.Root.Issue("CN=lost")) with { ServerName = Guarded };
        await gate.Accepted(client);
        var record = await gate.Refused(client, Default);
        record.ShouldBe("not-asked/sni-host-mismatch", "client", "proved",
            ("certificate_subject", "CN=lost"), ("sent_before_subject", "CN=lost"), ("sent_before_to", Guarded));
        record.Evidence("ja4").ShouldBeOfType<string>().ShouldStartWith("t13d");
        record.Answer.ShouldStartWith("HTTP/1.1 421 ");
    }

    [Fact]
    [Innocent("not-asked/cross-trust")]
    public async Task For_the_default_server_it_is()
    {
        var other = Identity.SelfSigned("CN=Partner Root");
        await using var gate = await TwoBundles(ground.Root, other);
        await gate.Accepted(gate.As(other.Issue("CN=partner")) with { ServerName = null }, Default);
    }

    [Fact]
    [Refuses("not-asked/verification-off")]
    public async Task A_server_without_a_certificate_of_its_own_asks_nobody()
    {
        await using var gate = await WithoutCertificate("");
        var record = await gate.Refused(gate.As(ground.Root.Issue("CN=unasked")) with { ServerName = "bare.example" });
        record.ShouldBe("not-asked/verification-off", "operator", "proved", ("asked", false), ("has_own_certificate", false))
            .ShouldBeOnPage("not-asked/verification-off");
        record.Message.ShouldContain(gate.At("ssl_verify_client on;"));
    }

    [Fact]
    [Innocent("not-asked/verification-off")]
    public async Task With_one_it_does()
    {
        await using var gate = await WithoutCertificate("ssl_certificate pki/gate.pem; ssl_certificate_key pki/gate.key;");
        await gate.Accepted(gate.As(ground.Root.Issue("CN=asked")) with { ServerName = "bare.example" });
    }

    [Fact]
    [Refuses("not-asked/cross-trust")]
    public async Task A_server_without_a_certificate_of_its_own_lets_in_nobody_whom_only_the_default_server_trusts()
    {
        var other = Identity.SelfSigned("CN=Partner Root");
        await using var gate = await BehindAnother(other, "ssl_client_certificate pki/bundle.pem;");
        var record = await gate.Refused(gate.As(other.Issue("CN=partner")) with { ServerName = "bare.example" });
        record.ShouldBe("not-asked/cross-trust", "operator", "proved",
            ("certificate_subject", "CN=partner"), ("verified_against_names", (string[])["CN=Partner Root"]), ("wanted", Path.Combine(gate.Server.Prefix, "conf", "pki", "bundle.pem")));
        record.Message.ShouldContain("has no ssl_certificate of its own");
        record.Answer.ShouldStartWith("HTTP/1.1 421 ");
        await gate.Server.ErrorLog.WaitFor($"client was verified for server \"{Default}\", which trusts others than the server it requested");
    }

    [Theory]
    [Innocent("not-asked/cross-trust")]
    [InlineData("ssl_client_certificate pki/other.pem;")]
    [InlineData("")]
    [InlineData("ssl_client_certificate pki/bundle.pem; compatibility nginx;")]
    public async Task One_that_trusts_the_same_or_names_nobody_takes_the_default_servers_word(string directives)
    {
        var other = Identity.SelfSigned("CN=Partner Root");
        await using var gate = await BehindAnother(other, directives);
        await gate.Accepted(gate.As(other.Issue("CN=partner")) with { ServerName = "bare.example" });
    }

    private SClient Client(string subject, string? serverName) => ground.Gate.As(ground.Root.Issue(subject)) with { ServerName = serverName };

    /// <summary>The gate's certificate has both names.</summary>
    private Task<RefusalGate> Shared() =>
        RefusalGate.Open(RefusalGate.Plain() + RefusalGate.Guarded(name: "service.domain.com"), ("bundle.pem", ground.Root.Pem));

    private static async Task<string> Twice(RefusalGate gate, string host) => (await OpenSsl.Connect(gate.Server.EndPoint("tls"), Clientless.Nobody(),
        $"GET / HTTP/1.1\r\nHost: localhost\r\n\r\nGET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")).Output;

    private static Task<RefusalGate> TwoBundles(Identity root, Identity other) => RefusalGate.Open(
        RefusalGate.Guarded("other.pem", name: Default) + RefusalGate.Guarded(name: Guarded), ("bundle.pem", root.Pem), ("other.pem", other.Pem));

    private Task<RefusalGate> WithoutCertificate(string certificate) => RefusalGate.Open(
        RefusalGate.Plain(name: Default) + Bare($"{certificate} ssl_client_certificate pki/bundle.pem;"), ("bundle.pem", ground.Root.Pem));

    private Task<RefusalGate> BehindAnother(Identity other, string directives) => RefusalGate.Open(
        RefusalGate.Guarded("other.pem", name: Default) + Bare(directives), ("bundle.pem", ground.Root.Pem), ("other.pem", other.Pem));

    private static string Bare(string directives) => $$"""
        server {
            listen %%tls%% ssl;
            server_name bare.example;
            {{directives}}
            ssl_verify_client on;
            location / { return 200 "refusal=$refusal_id.\n"; }
        }

        """;
}
