namespace Countersign.Refusals.Tests.Render;

public sealed class RefusalTextTests
{
    [Fact]
    public void A_refusal_reads_from_the_reason_to_the_evidence()
    {
        var entry = RefusalEntry.Of(Sample.Full) with
        {
            Message = "it ended",
            Advice = [new AdviceEntry("client", "Renew it", "openssl x509 -in a"), new AdviceEntry("operator", "Wait", null)],
            Evidence = [new("now", "then"), new("late", 5L), new("is_so", true), new("names", new List<string> { "a", "b" }), new("none", new List<string>())],
            Sha256 = null,
            Serial = "01",
        };
        RefusalText.Of(entry).ShouldBe(
            """
            certificate/expired  incident 00112233445566ff  2030-01-02T03:04:05Z

              it ended

              What to do
                client     Renew it

                  openssl x509 -in a

                operator   Wait

              What happened
                up to       client (proved)
                status      495 (the client sees 400)
                alert       45, sent by the gate
                client      [2001:db8::7]:4711
                server      api.example (nginx.conf:12)
                SNI         api.example
                Host        api.example
                subject     CN=device-7
                issuer      CN=device-7
                serial      01
                nginx says  client SSL certificate verify error: (10:certificate has expired)

              Errors of the verification, in its order
                depth 0  10 CERT_HAS_EXPIRED  CN=device-7

              Also wrong
                certificate/unparsable

              Evidence
                now    then
                late   5
                is_so  yes
                names  a
                       b
                none   (none)

            """);
    }

    [Fact]
    public void What_a_stranger_wrote_cannot_steer_the_terminal()
    {
        var entry = RefusalEntry.Of(Sample.Bare) with { Subject = "a\u001b[2Jb\r\nc\u202ed\u009be", Message = "x\ny", Host = "\ud83d\ude00" };
        var text = RefusalText.Of(entry);
        text.ShouldContain("a\\u001b[2Jb\\u000d\\u000ac\\u202ed\\u009be");
        text.ShouldContain("x\\u000ay");
        text.ShouldContain("\ud83d\ude00");
        RefusalLine.Of(entry).ShouldNotContain("\n");
    }

    [Fact]
    public void Without_an_incident_the_title_has_none() => RefusalText.Of(Sample.Bare).ShouldStartWith("certificate/unparsable  2030-01-02T03:04:05Z\n");

    [Fact]
    public void The_chain_stands_at_the_end_ready_to_be_copied()
    {
        var text = RefusalText.Of(RefusalEntry.Of(Sample.Full) with { Presented = ["-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"], PresentedCount = 3 });
        text.ShouldEndWith("\n-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n\n  2 more certificates were sent than are kept\n");
    }

    [Fact]
    public void The_error_log_s_sentence_has_the_id_and_the_incident() =>
        RefusalLine.Of(Sample.Full).ShouldStartWith("refused (certificate/expired, incident 00112233445566ff): the client's certificate \"CN=device-7\" ended ");

    [Fact]
    public void The_error_log_s_sentence_leaves_room_for_nginx_s_context() =>
        RefusalLine.Of(RefusalEntry.Of(Sample.Bare) with { Message = new string('x', 5000) }).Length.ShouldBeLessThan(1400);
}
