namespace Countersign.EndToEnd.Refusals;

/// <summary>Responders that mean harm, or are led to, and what their answers are worth later.</summary>
public sealed class HostileResponders
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;

    private readonly Identity _root = Identity.SelfSigned("CN=Root");

    /// <summary>Most clients give up before the gate does: without a record nobody would see that a responder hangs.</summary>
    [Fact]
    [Refuses("revocation/ocsp-failed")]
    public async Task A_client_that_does_not_wait_for_the_responder_is_told_of()
    {
        await using var responder = Backend.Start();
        responder.Handler = Gate.Stalls;
        await using var gate = await RefusalGate.Trusting($"client_header_timeout 2s;\nssl_ocsp on;\nssl_ocsp_responder http://{responder.Address};", _root);
        var record = await gate.Refused(async () =>
        {
            using var client = await RawClient.Connect(gate.Server.EndPoint("tls"), new TlsClient { Identity = _root.Issue("CN=impatient") });
            return "";
        });
        record.ShouldBe("revocation/ocsp-failed", "operator", "proved",
            ("failure", "OCSP responder timed out (110: Connection timed out)"), ("certificate_subject", "CN=impatient"));
        record.Json.GetProperty("status").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
    }

    /// <summary>Each byte comes in time; all of them never would.</summary>
    [Theory]
    [Refuses("revocation/ocsp-failed")]
    [InlineData("HTTP/1.0 200 OK\r\n", "a: b\r\n")]
    [InlineData("HTTP/1.0 200 OK\r\nContent-Length: 60000\r\n\r\n", "0")]
    [InlineData("HTTP/1.0 2", "0")]
    public async Task A_responder_that_dribbles_is_waited_for_no_longer_than_one_that_is_silent(string head, string drop)
    {
        await using var responder = Backend.Start();
        responder.Handler = async connection =>
        {
            await connection.ReadRequest();
            await connection.Send(head);
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
            while (await timer.WaitForNextTickAsync())
            {
                await connection.Send(drop);
            }
        };
        await using var gate = await RefusalGate.Trusting($"client_header_timeout 2s;\nssl_ocsp on;\nssl_ocsp_responder http://{responder.Address};", _root);
        (await gate.Refused(_root.Issue("CN=patient"))).ShouldBe("revocation/ocsp-failed", "operator", "proved", ("failure", "OCSP responder timed out (110: Connection timed out)"));
    }

    [Theory]
    [Refuses("revocation/ocsp-failed")]
    [InlineData("HTTP/1.0 200 OK\r\n\r\n")]
    [InlineData("HTTP/1.0 200 OK\r\na: ")]
    [InlineData("HTTP/1.0 200 OK\r\nContent-Length: 4294967296\r\n\r\n")]
    public async Task A_response_without_an_end_is_taken_in_part(string head)
    {
        await using var responder = Backend.Start();
        responder.Handler = async connection =>
        {
            await connection.ReadRequest();
            await connection.Send(head);
            while (true)
            {
                await connection.Send(new string('x', 8192));
            }
        };
        await using var gate = await RefusalGate.Trusting($"ssl_ocsp leaf;\nssl_ocsp_responder http://{responder.Address};", _root);
        (await gate.Refused(_root.Issue("CN=answered at length"))).ShouldBe("revocation/ocsp-failed", "operator", "proved", ("failure", "OCSP responder sent too large response"));
    }

    [Fact]
    [Refuses("revocation/ocsp-failed")]
    public async Task An_answer_that_does_not_say_how_long_it_holds_does_so_for_a_day()
    {
        var client = _root.Issue("CN=replayed");
        await using var responder = Backend.Start();
        var asks = $"ssl_ocsp on;\nssl_ocsp_responder http://{responder.Address};";
        await using var gate = await RefusalGate.Open(
            RefusalGate.Guarded(more: asks) + RefusalGate.Guarded(more: asks + "\ncompatibility nginx;", name: "as-nginx"), ("bundle.pem", _root.Pem));
        Answers(responder, _root.StatusOf(client, new OcspShape { ThisUpdate = Now.AddHours(-23), NextUpdate = null }));
        await gate.Accepted(client);
        Answers(responder, _root.StatusOf(client, new OcspShape { ThisUpdate = Now.AddHours(-25), NextUpdate = null }));
        (await gate.Refused(client)).Evidence("failure").ShouldBeOfType<string>().ShouldContain("status too old");
        await gate.Accepted(gate.As(client) with { ServerName = "as-nginx" });
    }

    [Fact]
    public async Task An_answer_is_kept_for_the_trust_that_it_was_held_against()
    {
        var client = _root.Issue("CN=kept");
        await using var responder = Backend.Start();
        var asks = $"ssl_ocsp on;\nssl_ocsp_responder http://{responder.Address};\nssl_ocsp_cache shared:status:1m;";
        await using var gate = await RefusalGate.Trusting(asks, _root);
        Answers(responder, _root.StatusOf(client));
        await gate.Accepted(client);
        await gate.Accepted(client);
        responder.TakeRequests().Count.ShouldBe(1);
        gate.Write("bundle.pem", _root.Pem + Identity.SelfSigned("CN=Another root").Pem);
        gate.Server.Configure(Gate.Configuration(RefusalGate.Guarded(more: asks, name: "localhost second")));
        await gate.Server.Signal("HUP");
        await Deadline.Eventually(async () => (await gate.Accepted(client)).Contains("localhost second", StringComparison.Ordinal), "the reload", gate.Server.Evidence);
        responder.TakeRequests().Count.ShouldBe(1);
    }

    [Fact]
    [Refuses("revocation/ocsp-failed")]
    public async Task A_certificate_does_not_send_the_gate_to_a_socket_of_its_own_machine()
    {
        var client = _root.Issue("CN=led inside", CertificateShape.Client with { Extra = [Extensions.StatusAt("http://unix:/run/docker.sock:/containers/")] });
        await using var gate = await RefusalGate.Trusting("ssl_ocsp leaf;", _root);
        (await gate.Refused(client)).ShouldBe("revocation/ocsp-failed", "operator", "proved",
            ("failure", "invalid host in OCSP responder \"http://unix:/run/docker.sock:/containers/\" in certificate"));
    }

    private static void Answers(Backend responder, byte[] response) => responder.Handler = async connection =>
    {
        await connection.ReadRequest();
        await connection.Send(OcspShape.Http(response));
    };
}
