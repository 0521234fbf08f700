using Countersign.Commands.Probe;
using Countersign.Refusals;

namespace Countersign.Tests.Probe;

public sealed class ProbeDiagnosisTests
{
    private static readonly ProbeFinding Expired = new("certificate/expired", Confidence.Proved, "it expired", "openssl x509");
    private static readonly ProbeFinding Stranger = new("chain/unknown-issuer", Confidence.Likely, "its issuer is not named", "openssl x509");

    [Theory]
    [InlineData(43, "certificate/purpose", Confidence.Possible)]
    [InlineData(44, "revocation/revoked", Confidence.Likely)]
    [InlineData(45, "chain/ca-expired", Confidence.Possible)]
    [InlineData(48, "chain/unknown-issuer", Confidence.Likely)]
    [InlineData(49, "authorization/not-allowed", Confidence.Likely)]
    [InlineData(51, "certificate/bad-signature", Confidence.Likely)]
    [InlineData(46, "", Confidence.Possible)]
    public void An_alert_after_the_certificate_speaks_for_itself_when_no_finding_fits(int number, string id, Confidence confidence)
    {
        var verdict = Of(Refusing(new ProbeAlert(number, IsAfterCertificate: true, IsAfterFinished: true)));
        verdict.IsLetIn.ShouldBeFalse();
        (verdict.Id, verdict.Confidence).ShouldBe((id, confidence));
        verdict.Next.ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData(45, "certificate/expired")]
    [InlineData(48, "chain/unknown-issuer")]
    [InlineData(42, "certificate/expired")]
    [InlineData(44, "revocation/revoked")]
    public void A_finding_that_fits_the_alert_is_the_likely_reason(int number, string id)
    {
        var verdict = Of(Refusing(new ProbeAlert(number, IsAfterCertificate: true, IsAfterFinished: false)), Expired, Stranger);
        (verdict.Id, verdict.Confidence).ShouldBe((id, Confidence.Likely));
    }

    [Fact]
    public void A_finding_that_is_only_possible_makes_no_likely_reason()
    {
        var verdict = Of(Refusing(new ProbeAlert(48, IsAfterCertificate: true, IsAfterFinished: false)), Stranger with { Confidence = Confidence.Possible });
        (verdict.Id, verdict.Confidence).ShouldBe(("chain/unknown-issuer", Confidence.Possible));
    }

    [Theory]
    [InlineData(70, "handshake/protocol-version")]
    [InlineData(40, "handshake/no-shared-cipher")]
    [InlineData(112, "handshake/unrecognized-name")]
    [InlineData(120, "handshake/no-application-protocol")]
    public void An_alert_before_anybody_was_asked_is_not_about_the_certificate(int number, string id) =>
        Of(Refusing(new ProbeAlert(number, IsAfterCertificate: false, IsAfterFinished: false)) with { Asked = ProbeAsked.Never, Sent = null }, Expired).Id.ShouldBe(id);

    [Theory]
    [InlineData((int)ProbeEnd.Closed)]
    [InlineData((int)ProbeEnd.Reset)]
    public void A_server_that_asks_and_then_closes_without_a_word_wanted_one(int end)
    {
        var verdict = Of(Sight((ProbeEnd)end) with { IsHandshakeDone = true, Asked = ProbeAsked.Handshake, Sent = 0 });
        (verdict.Id, verdict.Confidence).ShouldBe(("not-sent/not-configured", Confidence.Possible));
    }

    [Fact]
    public void A_server_that_only_stays_silent_after_the_handshake_lets_in() =>
        Of(Sight(ProbeEnd.TimedOut) with { IsHandshakeDone = true }).IsLetIn.ShouldBeTrue();

    [Fact]
    public void A_server_that_never_finishes_the_handshake_does_not() =>
        Of(Sight(ProbeEnd.TimedOut)).Id.ShouldBe("handshake/timeout");

    private static ProbeVerdict Of(ProbeSight sight, params ProbeFinding[] findings) => ProbeDiagnosis.Of(
        new ProbeOptions { Target = new ProbeTarget("gate.example", 443), ServerName = "gate.example", Host = "gate.example", Path = "/", Timeout = TimeSpan.FromSeconds(1) },
        sight, findings, server: null);

    private static ProbeSight Refusing(ProbeAlert alert) => Sight(ProbeEnd.Alert) with { HasCertificate = true, Asked = ProbeAsked.Handshake, Sent = 1, Alert = alert };

    private static ProbeSight Sight(ProbeEnd end) => new() { HasCertificate = false, End = end, Address = "192.0.2.1", Elapsed = TimeSpan.FromSeconds(1) };
}
