using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace Countersign.EndToEnd.Refusals;

/// <summary>Servers with ssl_ocsp, and responders of every kind.</summary>
public sealed class CertificateStatus(CertificateStatus.Ground ground) : IClassFixture<CertificateStatus.Ground>, IDisposable
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;

    private readonly Ports _ports = new();

    public sealed class Ground : RefusalGround
    {
        private readonly Ports _ports = new();

        public Identity Issuing { get; }
        public Identity Client { get; }
        public Identity Revoked { get; }
        public Identity Unknown { get; }
        public string Url { get; }

        public Ground()
        {
            Url = $"http://127.0.0.1:{_ports["responder"]}/";
            Issuing = Root.Issue("CN=Issuing", CertificateShape.Authority);
            var shape = CertificateShape.Client with { Extra = [Extensions.StatusAt(Url)] };
            Client = Issuing.Issue("CN=client", shape);
            Revoked = Issuing.Issue("CN=revoked", shape);
            Unknown = Issuing.Issue("CN=unknown", shape);
        }

        private OcspResponder? _responder;

        protected override async Task<RefusalGate> Open()
        {
            _responder = await OcspResponder.Start(
                Issuing, _ports["responder"], [Client], [new RevokedCertificate(Revoked, Now.AddDays(-3), X509RevocationReason.KeyCompromise)]);
            return await RefusalGate.Open(
                RefusalGate.Guarded("bundle.pem", "ssl_verify_depth 3;", "first")
                    + RefusalGate.Guarded("bundle.pem", "ssl_verify_depth 3;\nssl_ocsp leaf;", "leaf")
                    + RefusalGate.Guarded("bundle.pem", "ssl_verify_depth 3;\nssl_ocsp on;", "whole")
                    + RefusalGate.Guarded("bundle.pem", $"ssl_verify_depth 3;\nssl_ocsp leaf;\nssl_ocsp_responder http://localhost:{_ports["responder"]};", "named")
                    + RefusalGate.Guarded("bundle.pem", $"ssl_verify_depth 3;\nssl_ocsp leaf;\nssl_ocsp_responder http://127.0.0.1:{_ports["nobody"]};", "nobody")
                    + RefusalGate.Guarded("bundle.pem", "ssl_verify_depth 3;\nssl_ocsp leaf;", "optional", "optional"),
                ("bundle.pem", Issuing.Pem + Root.Pem));
        }

        public int Port(string name) => _ports[name];

        public override async ValueTask DisposeAsync()
        {
            await base.DisposeAsync();
            _responder?.Dispose();
            _ports.Dispose();
        }
    }

    private RefusalGate Shared => ground.Gate;

    private SClient To(string server, Identity? client = null) => Shared.As(client ?? ground.Client) with { ServerName = server };

    public void Dispose() => _ports.Dispose();

    [Fact]
    [Refuses("revocation/ocsp-revoked")]
    public async Task The_responder_says_that_the_client_is_revoked()
    {
        var record = await Shared.Refused(To("leaf", ground.Revoked));
        record.ShouldBe("revocation/ocsp-revoked", "client", "proved",
            ("certificate_serial", ground.Revoked.Certificate.SerialNumber), ("depth", 0), ("revoked", Shapes.Moment(Now.AddDays(-3))),
            ("revocation_reason", "keyCompromise"), ("responder", ground.Url), ("responder_at", "authorityInfoAccess"), ("is_cached", false))
            .ShouldBeOnPage("revocation/ocsp-revoked");
        record.Nginx.ShouldBe("client SSL certificate verify error: certificate revoked");
        record.Evidence("this_update").ShouldNotBeNull();
        record.Evidence("next_update").ShouldNotBeNull();
        record.Answer.ShouldContain("The SSL certificate error");
    }

    [Fact]
    [Refuses("revocation/ocsp-revoked")]
    public async Task A_server_that_makes_certificates_optional_takes_no_revoked_one() =>
        (await Shared.Refused(To("optional", ground.Revoked))).Id.ShouldBe("revocation/ocsp-revoked");

    [Fact]
    [Refuses("revocation/ocsp-unknown")]
    public async Task The_responder_does_not_know_the_client()
    {
        var record = await Shared.Refused(To("named", ground.Unknown));
        record.ShouldBe("revocation/ocsp-unknown", "authority", "proved",
            ("certificate_subject", "CN=unknown"), ("depth", 0), ("responder_at", Shared.At("ssl_ocsp_responder http://localhost")))
            .ShouldBeOnPage("revocation/ocsp-unknown");
        record.Nginx.ShouldBe("client SSL certificate verify error: certificate status unknown");
    }

    [Fact]
    [Innocent("revocation/ocsp-revoked")]
    [Innocent("revocation/ocsp-unknown")]
    [Innocent("revocation/ocsp-failed")]
    public async Task The_responder_says_that_the_client_is_good()
    {
        (await Shared.Accepted(To("leaf"))).ShouldContain("verify=SUCCESS");
        await Shared.Accepted(To("named"));
        await Shared.Accepted(To("optional"));
    }

    [Fact]
    public async Task A_server_without_ssl_ocsp_asks_nobody() => await Shared.Accepted(To("first", ground.Revoked));

    [Fact]
    [Refuses("revocation/ocsp-failed")]
    public async Task Nobody_listens_where_the_responder_should()
    {
        var record = await Shared.Refused(To("nobody"));
        record.ShouldBe("revocation/ocsp-failed", "operator", "proved",
            ("depth", 0), ("failure", "connect() failed (111: Connection refused)"), ("responder_at", Shared.At("ssl_ocsp_responder http://127.0.0.1")))
            .ShouldBeOnPage("revocation/ocsp-failed");
        record.Nginx.ShouldBe("client SSL certificate verify error: certificate status request failed");
    }

    [Fact]
    [Refuses("revocation/ocsp-failed")]
    public async Task The_certificate_names_no_responder()
    {
        var client = ground.Issuing.Issue("CN=silent");
        (await Shared.Refused(To("leaf", client))).ShouldBe("revocation/ocsp-failed", "operator", "proved", ("failure", "no OCSP responder URL in certificate"));
    }

    [Fact]
    [Refuses("revocation/ocsp-failed")]
    public async Task The_certificate_names_a_host_that_nobody_looks_up()
    {
        var client = ground.Issuing.Issue("CN=by name", CertificateShape.Client with { Extra = [Extensions.StatusAt($"http://localhost:{ground.Port("responder")}/")] });
        (await Shared.Refused(To("leaf", client))).ShouldBe("revocation/ocsp-failed", "operator", "proved", ("failure", "no resolver defined to resolve localhost"));
    }

    [Fact]
    [Refuses("revocation/ocsp-failed")]
    public async Task With_on_the_authority_is_asked_about_as_well()
    {
        var record = await Shared.Refused(To("whole"));
        record.ShouldBe("revocation/ocsp-failed", "operator", "proved",
            ("certificate_subject", "CN=Issuing"), ("depth", 1), ("failure", "no OCSP responder URL in certificate"));
    }

    [Fact]
    [Refuses("revocation/ocsp-failed")]
    public async Task A_stranger_signs_the_answer()
    {
        var client = ground.Issuing.Issue("CN=answered by a stranger", CertificateShape.Client with { Extra = [Extensions.StatusAt($"http://127.0.0.1:{_ports["stranger"]}/")] });
        using var responder = await OcspResponder.Start(ground.Issuing, _ports["stranger"], [client], signer: Identity.SelfSigned("CN=stranger"));
        var record = await Shared.Refused(To("leaf", client));
        record.ShouldBe("revocation/ocsp-failed", "operator", "proved");
        record.Evidence("failure").ShouldBeOfType<string>().ShouldStartWith("OCSP_basic_verify() failed (SSL: error:");
    }

    [Fact]
    [Refuses("revocation/ocsp-failed")]
    public async Task The_answer_is_for_another_authority_s_certificate()
    {
        var other = ground.Root.Issue("CN=Other issuing", CertificateShape.Authority);
        var client = ground.Issuing.Issue("CN=of another list", CertificateShape.Client with { Extra = [Extensions.StatusAt($"http://127.0.0.1:{_ports["other"]}/")] });
        using var responder = await OcspResponder.Start(other, _ports["other"], [client]);
        (await Shared.Refused(To("leaf", client))).Id.ShouldBeOneOf("revocation/ocsp-failed", "revocation/ocsp-unknown");
    }

    [Theory]
    [Refuses("revocation/ocsp-failed")]
    [InlineData("HTTP/1.0 503 Busy\r\n\r\n", "OCSP responder sent HTTP status 503")]
    [InlineData("HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n<html>", "OCSP responder sent invalid \"Content-Type\" header: \"text/html\"")]
    [InlineData("220 mail.example\r\n", "OCSP responder sent invalid response")]
    [InlineData("", "OCSP responder prematurely closed connection")]
    [InlineData("HTTP/1.0 200 OK\r\n\r\n\u0030\u0003\u000a\u0001\u0003", "OCSP response not successful (3: trylater)")]
    public async Task The_response_is_none(string response, string failure)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var client = ground.Issuing.Issue("CN=answered badly", CertificateShape.Client with { Extra = [Extensions.StatusAt($"http://{listener.LocalEndpoint}/")] });
        var answering = AnswerOnce(listener, response);
        (await Shared.Refused(To("leaf", client))).ShouldBe("revocation/ocsp-failed", "operator", "proved", ("failure", failure));
        (await answering).ShouldStartWith("GET /M");
    }

    [Fact]
    [Refuses("revocation/ocsp-failed")]
    public async Task The_responder_says_nothing_until_the_client_s_time_is_nearly_over()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var root = Identity.SelfSigned("CN=Root");
        await using var gate = await RefusalGate.Trusting($"client_header_timeout 2s;\nssl_ocsp on;\nssl_ocsp_responder http://{listener.LocalEndpoint};", root);
        (await gate.Refused(root.Issue("CN=patient"))).ShouldBe("revocation/ocsp-failed", "operator", "proved",
            ("failure", "OCSP responder timed out (110: Connection timed out)"));
    }

    [Fact]
    [Refuses("revocation/ocsp-failed")]
    public async Task An_answer_that_is_kept_outlasts_the_responder_and_a_reload()
    {
        var root = Identity.SelfSigned("CN=Root");
        var (known, late) = (root.Issue("CN=known"), root.Issue("CN=late"));
        var kept = $"ssl_ocsp on;\nssl_ocsp_responder http://127.0.0.1:{_ports["kept"]}/;\nssl_ocsp_cache shared:status:1m;";
        await using var gate = await RefusalGate.Trusting(kept, root);
        using (await OcspResponder.Start(root, _ports["kept"], [known, late]))
        {
            await gate.Accepted(known);
        }
        await gate.Accepted(known);
        (await gate.Refused(late)).Id.ShouldBe("revocation/ocsp-failed");
        gate.Server.Configure(Gate.Configuration(RefusalGate.Guarded(more: kept, name: "localhost second")));
        await gate.Server.Signal("HUP");
        await Deadline.Eventually(async () => (await gate.Accepted(known)).Contains("localhost second", StringComparison.Ordinal), "the reload", gate.Server.Evidence);
    }

    [Theory]
    [Refuses("revocation/ocsp-revoked")]
    [InlineData("-tls1_2")]
    [InlineData("-tls1_3")]
    public async Task A_session_that_is_resumed_is_asked_about_again(string version)
    {
        var root = Identity.SelfSigned("CN=Root");
        var issuing = root.Issue("CN=Issuing", CertificateShape.Authority);
        var identity = issuing.Issue("CN=resumes");
        await using var gate = await RefusalGate.Trusting(
            $"ssl_verify_depth 2;\nssl_session_cache shared:sessions:1m;\nssl_ocsp leaf;\nssl_ocsp_responder http://127.0.0.1:{_ports["again"]}/;", root);
        var client = gate.As(identity, issuing);
        var session = gate.Pki("session.pem");
        using (await OcspResponder.Start(issuing, _ports["again"], [identity]))
        {
            await gate.Accepted(client with { More = [.. client.More, version, "-sess_out", session] });
            (await gate.Accepted(client with { More = [.. client.More, version, "-sess_in", session] })).ShouldContain("verify=SUCCESS");
        }
        using (await OcspResponder.Start(issuing, _ports["again"], [], [new RevokedCertificate(identity, Now.AddDays(-1), X509RevocationReason.Superseded)]))
        {
            var record = await gate.Refused(client with { More = [.. client.More, version, "-sess_in", session] });
            record.ShouldBe("revocation/ocsp-revoked", "client", "proved", ("revocation_reason", "superseded"));
        }
    }

    [Fact]
    [Refuses("not-asked/cross-ocsp")]
    public async Task A_Host_does_not_lead_around_the_question()
    {
        var record = await Shared.Refused(To("first", ground.Revoked) with { ServerName = null }, "leaf");
        record.ShouldBe("not-asked/cross-ocsp", "client", "proved",
            ("asked_before", "off"), ("wanted", "leaf"), ("wanted_at", Shared.At("ssl_ocsp leaf;")), ("wanted_responder", ""), ("certificate_subject", "CN=revoked"))
            .ShouldBeOnPage("not-asked/cross-ocsp");
        record.Answer.ShouldStartWith("HTTP/1.1 421");
        record.Nginx.ShouldBe("");
        record.Pastes[1].ShouldBe("ssl_ocsp leaf;");
        Shared.Server.ErrorLog.Read().ShouldContain("client was verified for server \"first\", which has another ssl_ocsp than the server it requested");
    }

    [Fact]
    [Innocent("not-asked/cross-ocsp")]
    public async Task A_Host_leads_to_a_server_that_asks_the_same_or_less()
    {
        var root = Identity.SelfSigned("CN=Root");
        var client = root.Issue("CN=good everywhere");
        var responder = $"ssl_ocsp_responder http://127.0.0.1:{_ports["same"]}/;";
        await using var gate = await RefusalGate.Open(
            RefusalGate.Guarded(more: $"ssl_ocsp on; {responder}", name: "all")
                + RefusalGate.Guarded(more: $"ssl_ocsp leaf; {responder}", name: "less")
                + RefusalGate.Guarded(name: "none")
                + RefusalGate.Guarded(more: "ssl_ocsp leaf; compatibility nginx;", name: "as-nginx")
                + RefusalGate.Guarded(more: "ssl_ocsp leaf;", name: "others"),
            ("bundle.pem", root.Pem));
        using var answers = await OcspResponder.Start(root, _ports["same"], [client]);
        var nameless = gate.As(client) with { ServerName = null };
        foreach (var name in (string[])["all", "less", "none", "as-nginx"])
        {
            await gate.Accepted(nameless, name);
        }
        (await gate.Refused(nameless, "others")).ShouldBe("not-asked/cross-ocsp", "client", "proved", ("asked_before", "on"), ("wanted_responder", ""));
    }

    private static async Task<string> AnswerOnce(TcpListener listener, string response)
    {
        using var connection = await listener.AcceptSocketAsync(Deadline.Token());
        var request = new byte[4096];
        var length = await connection.ReceiveAsync(request, Deadline.Token());
        await connection.SendAsync(System.Text.Encoding.Latin1.GetBytes(response), Deadline.Token());
        return System.Text.Encoding.Latin1.GetString(request, 0, length);
    }
}
