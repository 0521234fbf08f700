namespace Countersign.EndToEnd.Refusals;

/// <summary>optional, optional_no_ca, resumed sessions and reloads: who is refused there, and for what.</summary>
public sealed class VerifyModes(VerifyModes.Ground ground) : IClassFixture<VerifyModes.Ground>
{
    public sealed class Ground : RefusalGround
    {
        protected override Task<RefusalGate> Open() => RefusalGate.Open(
            RefusalGate.Guarded("bundle.pem", "ssl_verify_depth 1;", "optional", "optional")
                + RefusalGate.Guarded("bundle.pem", "ssl_verify_depth 1;", "tolerant", "optional_no_ca")
                + RefusalGate.Guarded("bundle.pem", "ssl_verify_depth 1; ssl_session_ticket_key pki/ticket.key;", "resumes"),
            ("bundle.pem", Root.Pem), ("ticket.key", new string('k', 48)));
    }

    private RefusalGate Gate => ground.Gate;

    [Fact]
    public async Task Optional_tolerates_nobody_who_comes_with_a_certificate()
    {
        using var stranger = Identity.SelfSigned("CN=optional stranger", CertificateShape.Client);
        (await Gate.Refused(Gate.As(stranger) with { ServerName = "optional" })).ShouldBe("chain/self-signed", "client", "proved");
        (await Gate.Answer(new SClient { ServerName = "optional" })).ShouldContain("verify=NONE refusal=.");
    }

    [Fact]
    [Innocent("chain/unknown-issuer")]
    [Innocent("chain/too-deep")]
    public async Task Optional_no_ca_lets_strangers_and_the_too_deep_in()
    {
        using var nobody = Identity.SelfSigned("CN=Nobody");
        (await Gate.Accepted(Gate.As(nobody.Issue("CN=tolerated")) with { ServerName = "tolerant" })).ShouldContain("verify=FAILED:");
        var first = ground.Root.Issue("CN=First", CertificateShape.Authority);
        var second = first.Issue("CN=Second", CertificateShape.Authority);
        (await Gate.Accepted(Gate.As(second.Issue("CN=deep"), second, first) with { ServerName = "tolerant" })).ShouldContain("verify=FAILED:");
    }

    [Fact]
    [Refuses("certificate/expired")]
    public async Task Optional_no_ca_refuses_a_stranger_for_its_date_alone()
    {
        using var nobody = Identity.SelfSigned("CN=Nobody");
        var record = await Gate.Refused(Gate.As(nobody.Issue("CN=late stranger", Shapes.Expired)) with { ServerName = "tolerant" });
        record.ShouldBe("certificate/expired", "client", "proved");
        record.Others.ShouldBeEmpty("that nobody knows its issuer would be let pass");
        record.Errors.ShouldBe(["20@0", "21@0", "10@0"]);
    }

    [Fact]
    [Refuses("certificate/expired")]
    public async Task A_resumed_session_is_refused_for_what_its_certificate_was()
    {
        var client = Gate.As(ground.Root.Issue("CN=resumed late", Shapes.Expired)) with { ServerName = "resumes" };
        var (first, again) = await Twice(client);
        first.ShouldBe("certificate/expired", "client", "proved");
        again.ShouldBe("certificate/expired", "client", "proved", ("certificate_subject", "CN=resumed late"));
    }

    /// <summary>Comes again with the session it got.</summary>
    private async Task<(RefusalRecord First, RefusalRecord Again)> Twice(SClient client)
    {
        var session = Gate.Pki("session");
        var first = await Gate.Refused(client with { More = [.. client.More, "-tls1_2", "-sess_out", session] });
        var again = await Gate.Refused(async () =>
        {
            var resumed = client with { Quiet = false, More = [.. client.More, "-tls1_2", "-sess_in", session] };
            var answer = (await OpenSsl.Connect(Gate.Server.EndPoint("tls"), resumed, "GET / HTTP/1.1\r\nHost: resumes\r\nConnection: close\r\n\r\n")).Output;
            answer.ShouldContain("Reused, ");
            return answer;
        });
        return (first, again);
    }
}
