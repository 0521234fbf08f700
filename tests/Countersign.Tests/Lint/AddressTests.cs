namespace Countersign.Tests.Lint;

public sealed class AddressTests : IDisposable
{
    private readonly Tested _gate = new();

    [Fact, Warns("lint/default-server-without-policy")]
    public void A_default_server_that_asks_nobody_beside_one_that_does_is_told() =>
        _gate.Http(Tested.TlsServer("www.example.com", "return 200;") + Tested.Gate("gate.example.com")).ShouldBeOnPage("lint/default-server-without-policy").ShouldBe(
            $$"""
            countersign: [warn] the default server of 127.0.0.1:8443 asks nobody for a certificate, and other servers there do: a client without SNI is never asked for one (lint/default-server-without-policy, server "gate.example.com") in {{_gate.Path}}/nginx.conf:3
              Let the default server ask, too, or give clients without SNI a default server that turns them away:
                  server {
                      listen 127.0.0.1:8443 ssl default_server;
                      ssl_reject_handshake on;
                  }

            """);

    [Theory, Quiet("lint/default-server-without-policy")]
    [InlineData("ssl_reject_handshake on;")]
    [InlineData("return 444;")]
    [InlineData("if ($uri = /health) { return 200; } return 421;")]
    [InlineData("location / { return 404; }")]
    [InlineData("deny all;")]
    public void A_default_server_that_turns_everybody_away_is_a_policy(string content) =>
        _gate.Http(Tested.TlsServer("_", content) + Tested.Gate("gate.example.com")).ShouldBeEmpty();

    [Fact, Quiet("lint/default-server-without-policy")]
    public void The_default_server_may_be_the_one_that_asks() =>
        _gate.Http(Tested.Gate("gate.example.com") + Tested.TlsServer("www.example.com", "return 200;")).ShouldBeEmpty();

    [Fact, Quiet("lint/default-server-without-policy")]
    public void Servers_on_addresses_of_their_own_do_not_meet() =>
        _gate.Http(Tested.TlsServer("www.example.com", "return 200;", "127.0.0.1:8444 ssl") + Tested.Gate("gate.example.com")).ShouldBeEmpty();

    [Fact, Warns("lint/trust-differs")]
    public void Servers_that_trust_others_than_the_default_server_are_told()
    {
        _gate.Write("partners.pem", Identity.SelfSigned("CN=Partners").Pem);
        _gate.Http(Tested.Gate("gate.example.com") + Tested.Gate("partners.example.com").Replace("bundle.pem", "partners.pem")).ShouldBeOnPage("lint/trust-differs").ShouldStartWith(
            "countersign: [warn] servers on 127.0.0.1:8443 verify clients by other authorities, lists or depth than the default server: a client without SNI "
            + $"is verified by the default server's, and these answer it 421 (lint/trust-differs, server \"partners.example.com\") in {_gate.Path}/nginx.conf:8\n");
    }

    [Fact, Warns("lint/trust-differs")]
    public void Under_nginx_s_rules_such_a_client_is_let_in()
    {
        _gate.Write("partners.pem", Identity.SelfSigned("CN=Partners").Pem);
        _gate.Http(Tested.Gate("gate.example.com") + Tested.Gate("partners.example.com", "compatibility nginx; return 200;").Replace("bundle.pem", "partners.pem"))
            .ShouldContain("and these let it in all the same (compatibility nginx) (lint/trust-differs, server \"partners.example.com\")");
    }

    [Fact, Quiet("lint/trust-differs")]
    public void The_same_authorities_in_another_file_are_the_same_trust()
    {
        _gate.Write("copy.pem", "# a comment\n" + Tested.Root.Pem + Tested.Issuing.Pem);
        _gate.Http(Tested.Gate("gate.example.com") + Tested.Gate("other.example.com").Replace("bundle.pem", "copy.pem")).ShouldBeEmpty();
    }

    [Fact, Quiet("lint/trust-differs")]
    public void Who_comes_without_SNI_may_be_turned_away_instead()
    {
        _gate.Write("partners.pem", Identity.SelfSigned("CN=Partners").Pem);
        _gate.Http(Tested.TlsServer("_", "ssl_reject_handshake on;") + Tested.Gate("gate.example.com")
            + Tested.Gate("partners.example.com").Replace("bundle.pem", "partners.pem")).ShouldBeEmpty();
    }

    [Fact, Warns("lint/ocsp-differs")]
    public void Servers_that_have_clients_asked_about_and_the_default_server_does_not_are_told() =>
        _gate.Http(Tested.Gate("gate.example.com") + Tested.Gate("partners.example.com", Asking)).ShouldBeOnPage("lint/ocsp-differs")
            .ShouldContain($"and these answer it 421 (lint/ocsp-differs, server \"partners.example.com\") in {_gate.Path}/nginx.conf:9\n");

    [Theory, Warns("lint/ocsp-differs")]
    [InlineData("ssl_ocsp leaf;")]
    [InlineData("ssl_ocsp on; ssl_ocsp_responder http://127.0.0.1:8080/;")]
    public void Who_asks_less_or_somebody_else_has_not_asked(string first) =>
        _gate.Http(Tested.Gate("gate.example.com", first) + Tested.Gate("partners.example.com", "ssl_ocsp on; return 200;")).ShouldContain("lint/ocsp-differs");

    [Fact, Warns("lint/ocsp-differs")]
    public void Under_nginx_s_rules_whoever_is_revoked_is_let_in() =>
        _gate.Http(Tested.Gate("gate.example.com") + Tested.Gate("partners.example.com", "compatibility nginx; " + Asking))
            .ShouldContain("and these let it in all the same (compatibility nginx) (lint/ocsp-differs, server \"partners.example.com\")");

    [Theory, Quiet("lint/ocsp-differs")]
    [InlineData("ssl_ocsp leaf;", "ssl_ocsp leaf;")]
    [InlineData("ssl_ocsp on;", "ssl_ocsp leaf;")]
    [InlineData("ssl_ocsp on;", "")]
    public void Who_asks_the_same_or_more_has_asked(string first, string second) =>
        _gate.Http(Tested.Gate("gate.example.com", first + " return 200;") + Tested.Gate("other.example.com", second + " return 200;")).ShouldBeEmpty();

    [Fact, Quiet("lint/ocsp-differs")]
    public void Where_they_trust_others_that_is_what_is_said()
    {
        _gate.Write("partners.pem", Identity.SelfSigned("CN=Partners").Pem);
        _gate.Http(Tested.Gate("gate.example.com") + Tested.Gate("partners.example.com", Asking).Replace("bundle.pem", "partners.pem"))
            .ShouldNotContain("lint/ocsp-differs");
    }

    private const string Asking = "ssl_ocsp leaf; return 200;";

    public void Dispose() => _gate.Dispose();
}
