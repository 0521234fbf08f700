using System.Text.Json;
using Countersign.Commands;

namespace Countersign.Tests.Explain;

public sealed class ExplainCommandTests : IDisposable
{
    private readonly Explained _ground = new();

    [Fact]
    public void A_client_that_is_let_in_gets_its_path_and_how_long_it_holds()
    {
        var (code, said, error) = _ground.Run();
        error.ShouldBeEmpty();
        said.ShouldStartWith($"accepted  api.test ({_ground.File("nginx.conf")}:3)  ");
        said.ShouldContain("depth 0  CN=device-7  ");
        said.ShouldContain($"depth 1  CN=Issuing   {_ground.File("ca.pem")}:1");
        said.ShouldContain($"not on the list of \"CN=Issuing\" in {_ground.File("crl.pem")}, until ");
        said.ShouldContain(": then the client's certificate \"CN=device-7\" ends");
        said.ShouldContain("Ends within 30 days");
        code.ShouldBe(0);
    }

    [Fact]
    public void The_key_beside_the_certificate_is_no_part_of_the_answer()
    {
        var (_, said, error) = _ground.Run();
        (said + error).ShouldNotContain("PRIVATE KEY");
        _ground.Write("client.pem", _ground.Client.KeyPem + _ground.Client.Pem);
        _ground.Run().Code.ShouldBe(0);
    }

    [Fact]
    public void A_certificate_may_be_der()
    {
        File.WriteAllBytes(_ground.File("client.der"), _ground.Client.Certificate.RawData);
        _ground.Run(with => with with { Certificate = _ground.File("client.der") }).Code.ShouldBe(0);
    }

    [Fact]
    public void What_the_client_sends_after_its_certificate_may_stand_in_files_of_its_own()
    {
        _ground.Write("ca.pem", _ground.Root.Pem);
        _ground.Run().Said.ShouldContain("CN=Issuing");
        _ground.Run().Code.ShouldBe(1);
        _ground.Write("chain.pem", _ground.Issuing.Pem);
        var (code, said, _) = _ground.Run(with => with with { Chain = [_ground.File("chain.pem")] });
        code.ShouldBe(0);
        said.ShouldContain($"{_ground.File("chain.pem")}:1");
    }

    [Theory]
    [InlineData("handshake/protocol-version", "null")]
    [InlineData("not-asked/plain-http", "497")]
    public void Of_an_incident_without_a_question_there_is_no_verdict(string id, string status)
    {
        var (code, said, error) = Incident($$"""{"v":1,"incident":"00000000000000aa","id":"{{id}}","status":{{status}},"presented_count":0}""");
        error.ShouldBe($"countersign: incident 00000000000000aa is {id}: its client did not come as far as a certificate, so there is no verdict on one\n"
            + $"Try: countersign incident 00000000000000aa -p {_ground.Folder}/ -c {_ground.File("nginx.conf")}\n");
        said.ShouldBeEmpty();
        code.ShouldBe(2);
    }

    [Fact]
    public void That_a_responder_is_not_asked_is_noted()
    {
        _ground.Configure("ssl_ocsp on; ssl_ocsp_responder http://127.0.0.1:1/;");
        var (code, _, error) = _ground.Run();
        error.ShouldBe($"note: api.test ({_ground.File("nginx.conf")}:3) then asks an OCSP responder (ssl_ocsp), and this verdict does not\n");
        code.ShouldBe(0);
    }

    /// <summary>Its handshakes are the default server's, and what that one found is held against what it trusts itself.</summary>
    [Theory]
    [InlineData("ssl_client_certificate ca.pem; ssl_crl crl.pem; ssl_verify_client on;", "accepted  ")]
    [InlineData("", "accepted  ")]
    [InlineData("ssl_client_certificate other.pem; ssl_verify_client on;", "refused  not-asked/cross-trust  ")]
    public void A_server_without_a_certificate_has_the_default_servers_handshakes(string directives, string expected)
    {
        _ground.Write("other.pem", Identity.SelfSigned("CN=Other").Pem);
        _ground.Configure("ssl_crl crl.pem;", $"server {{ listen 127.0.0.1:8443 ssl; server_name bare.test; {directives} }}");
        var (_, said, error) = _ground.Run(with => with with { Server = "bare.test" });
        said.ShouldStartWith(expected);
        error.ShouldBe($"note: bare.test ({_ground.File("nginx.conf")}:12) has no \"ssl_certificate\": its handshakes are those of the default server, "
            + $"api.test ({_ground.File("nginx.conf")}:3)\n");
    }

    [Fact]
    public void What_an_incident_was_besides_is_noted()
    {
        var (code, said, error) = Incident(
            """{"v":1,"incident":"00000000000000aa","id":"not-asked/resumed-without-certificate","status":496,"sni":"api.test","presented_count":0}""");
        said.ShouldStartWith("refused  not-sent/not-configured  ");
        error.ShouldContain("note: the incident was not-asked/resumed-without-certificate; ");
        code.ShouldBe(1);
        Incident("""{"v":1,"incident":"00000000000000aa","id":"not-sent/not-configured","status":496,"sni":"api.test","presented_count":0}""").Error.ShouldBeEmpty();
    }

    private (int Code, string Said, string Error) Incident(string line)
    {
        _ground.Configure($"refusal_log {_ground.File("refusals.log")};");
        _ground.Write("refusals.log", line + "\n");
        return _ground.Run(with => with with { Certificate = null, Server = null, Incident = "00000000000000aa" });
    }

    [Fact]
    public void At_another_moment_the_verdict_is_that_of_the_moment()
    {
        var (code, said, _) = _ground.Run(with => with with { At = DateTimeOffset.UtcNow.AddDays(25).ToString("yyyy-MM-dd") });
        code.ShouldBe(1);
        said.ShouldStartWith("refused  certificate/expired  ");
        _ground.Run().Code.ShouldBe(0, "now has not changed");
    }

    [Fact]
    public void What_is_no_moment_is_told_with_one_that_is()
    {
        var (code, _, error) = _ground.Run(with => with with { At = "tomorrow" });
        code.ShouldBe(2);
        error.ShouldStartWith("countersign: \"tomorrow\" is no moment\nTry: countersign explain ");
        error.ShouldEndWith(" --at 2026-12-24T18:00:00Z\n");
    }

    [Fact]
    public void Without_the_lists_it_shows_that_only_they_refuse()
    {
        _ground.Write("crl.pem", _ground.Root.Crl() + _ground.Issuing.Crl([_ground.Client]));
        _ground.Run().Said.ShouldStartWith("refused  revocation/revoked  ");
        var (code, said, _) = _ground.Run(with => with with { WithoutLists = true });
        code.ShouldBe(0);
        said.ShouldContain("Only the revocation lists refuse: with them it is revocation/revoked, ");
    }

    [Fact]
    public void Without_a_certificate_the_server_s_demand_decides()
    {
        var (code, said, _) = _ground.Run(with => with with { Certificate = null, HasNone = true });
        code.ShouldBe(1);
        said.ShouldContain("496 (the client sees 400)");
        _ground.Configure("", "server { listen 127.0.0.1:8443 ssl; server_name open.test; ssl_certificate a; ssl_certificate_key b; }");
        _ground.Run(with => with with { Certificate = null, HasNone = true, Server = "open.test" }).Code.ShouldBe(0);
    }

    [Fact]
    public void A_name_that_no_server_has_leads_to_the_default_one_and_that_is_said()
    {
        _ground.Configure("", "server { listen 127.0.0.1:8443 ssl; server_name other.test; ssl_certificate a; ssl_certificate_key b; }");
        var (code, _, error) = _ground.Run(with => with with { Server = "unknown.test" });
        code.ShouldBe(0);
        error.ShouldBe($"note: no server at 127.0.0.1:8443 has the name \"unknown.test\": the default server answers, api.test ({_ground.File("nginx.conf")}:3)\n");
    }

    [Fact]
    public void Addresses_that_answer_differently_have_to_be_told_apart()
    {
        _ground.Configure("", "server { listen 127.0.0.1:9443 ssl; ssl_certificate a; ssl_certificate_key b; }");
        var (code, _, error) = _ground.Run(with => with with { Server = null });
        code.ShouldBe(2);
        error.ShouldContain("it depends on the address: ");
        error.ShouldContain(" --address 127.0.0.1:");
        _ground.Run(with => with with { Server = null, Address = "8443" }).Code.ShouldBe(0);
    }

    [Fact]
    public void A_server_that_rejects_handshakes_refuses_everyone()
    {
        _ground.Configure("ssl_reject_handshake on;");
        var (code, said, _) = _ground.Run();
        code.ShouldBe(1);
        said.ShouldContain("112, sent by the gate");
    }

    [Fact]
    public void A_bundle_that_cannot_be_read_is_told_in_nginx_s_words()
    {
        File.Delete(_ground.File("ca.pem"));
        var (code, _, error) = _ground.Run();
        code.ShouldBe(2);
        error.ShouldContain($"cannot load certificate \"{_ground.File("ca.pem")}\": BIO_new_file() failed");
        error.ShouldEndWith($"\nTry: countersign -t -p {_ground.Folder}/ -c {_ground.File("nginx.conf")}\n");
    }

    [Theory]
    [InlineData("", "the file is empty")]
    [InlineData("hello\n", "there is no certificate in it")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "is no certificate")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "there is a private key in it and no certificate")]
    public void A_file_without_a_certificate_says_what_it_is(string text, string why)
    {
        _ground.Write("client.pem", text);
        var (code, said, error) = _ground.Run();
        code.ShouldBe(2);
        said.ShouldBeEmpty();
        error.ShouldContain(why);
        error.ShouldContain("\nTry: ");
    }

    [Fact]
    public void A_client_has_to_be_named_and_only_one()
    {
        _ground.Run(with => with with { Certificate = null }).Code.ShouldBe(2);
        var (code, _, error) = _ground.Run(with => with with { HasNone = true });
        code.ShouldBe(2);
        error.ShouldContain("one at a time");
    }

    [Fact]
    public void Json_has_the_refusal_as_the_log_has_it()
    {
        using var stranger = Identity.SelfSigned("CN=stranger", CertificateShape.Client);
        _ground.Write("client.pem", stranger.Pem);
        var (code, said, _) = _ground.Run(with => with with { Json = true });
        code.ShouldBe(1);
        var json = JsonDocument.Parse(said).RootElement;
        json.GetProperty("accepted").GetBoolean().ShouldBeFalse();
        json.GetProperty("refusal").GetProperty("id").GetString().ShouldBe("chain/self-signed");
        json.GetProperty("refusal").GetProperty("errors")[0].GetProperty("code").GetInt32().ShouldBe(18);
    }

    [Fact]
    public void A_usage_that_makes_no_sense_exits_with_two() => Verbs.Run(["explain", "--nonsense"]).ShouldBe(UsageException.ExitCode);

    public void Dispose() => _ground.Dispose();
}
