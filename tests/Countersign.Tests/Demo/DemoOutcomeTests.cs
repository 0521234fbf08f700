using Countersign.Commands.Demo;
using Countersign.Refusals;

namespace Countersign.Tests.Demo;

public sealed class DemoOutcomeTests
{
    private const string Line = "2031/05/06 07:08:09 [info] 1#1: *1 client SSL certificate verify error: (10:certificate has expired) while reading client request headers";

    private static readonly RefusalEntry Ended = new()
    {
        Time = default, Incident = "00ff00ff00ff00ff", Id = "certificate/expired", Blame = "client", Confidence = "proved", Message = "it ended",
    };

    private static readonly DemoCase Expired = new("expired", "too late", DemoExpectation.NotVerified(10, Ended.Id));
    private static readonly DemoCase Good = new("good", "in time", DemoExpectation.Accepted());
    private static readonly DemoSight Refused = new() { Status = 400, Title = "The SSL certificate error" };
    private static readonly DemoSight Answered = new() { Status = 200, Title = "hello" };
    private static readonly DemoBackendRequest Identified = new("SUCCESS", "01");

    [Fact]
    public void A_refusal_with_its_page_and_its_line_is_as_expected() =>
        new DemoOutcome(Expired, Refused, [Line], Ended, []).Deviations.ShouldBeEmpty();

    [Fact]
    public void A_let_in_client_whose_identity_arrives_is_as_expected() =>
        new DemoOutcome(Good, Answered, [], null, [Identified]).Deviations.ShouldBeEmpty();

    [Fact]
    public void Another_status_deviates() =>
        new DemoOutcome(Expired, Refused with { Status = 403 }, [Line], Ended, []).Deviations.ShouldBe(["expected status 400, the client saw status 403"]);

    [Fact]
    public void Another_page_deviates() =>
        new DemoOutcome(Expired, Refused with { Title = "Bad" }, [Line], Ended, []).Deviations.ShouldHaveSingleItem().ShouldContain("\"Bad\"");

    [Fact]
    public void An_alert_instead_of_an_answer_deviates() =>
        new DemoOutcome(Expired, new DemoSight { Alert = 45 }, [Line], Ended, []).Deviations.ShouldContain("expected no TLS alert, the client saw TLS alert 45");

    [Fact]
    public void A_missing_line_deviates() =>
        new DemoOutcome(Expired, Refused, [], Ended, []).Deviations.ShouldHaveSingleItem().ShouldContain("(10:");

    [Fact]
    public void Another_line_deviates_and_is_the_one_shown()
    {
        var outcome = new DemoOutcome(Expired, Refused, [Line.Replace("(10:", "(100:")], Ended, []);
        outcome.IsAsExpected.ShouldBeFalse();
        outcome.LogLine.ShouldNotBeNull().ShouldContain("(100:");
    }

    [Fact]
    public void A_refused_request_that_reaches_the_backend_deviates() =>
        new DemoOutcome(Expired, Refused, [Line], Ended, [Identified]).IsAsExpected.ShouldBeFalse();

    [Fact]
    public void An_answer_the_backend_never_gave_deviates() =>
        new DemoOutcome(Good, Answered, [], null, []).IsAsExpected.ShouldBeFalse();

    [Fact]
    public void Another_verdict_at_the_backend_deviates() =>
        new DemoOutcome(Good, Answered, [], null, [Identified with { Verify = "NONE" }]).IsAsExpected.ShouldBeFalse();

    [Fact]
    public void A_complaint_about_a_good_client_deviates() =>
        new DemoOutcome(Good, Answered, [Line], null, [Identified]).IsAsExpected.ShouldBeFalse();

    [Fact]
    public void Another_reason_deviates() =>
        new DemoOutcome(Expired, Refused, [Line], Ended with { Id = "certificate/purpose" }, []).Deviations
            .ShouldBe(["expected the reason certificate/expired, the gate gave the reason certificate/purpose"]);

    [Fact]
    public void A_missing_reason_deviates() =>
        new DemoOutcome(Expired, Refused, [Line], null, []).Deviations.ShouldBe(["expected the reason certificate/expired, the gate gave no reason"]);

    [Fact]
    public void A_reason_against_a_good_client_deviates() =>
        new DemoOutcome(Good, Answered, [], Ended, [Identified]).Deviations.ShouldBe(["expected no reason, the gate gave the reason certificate/expired"]);

    [Fact]
    public void One_deviation_makes_the_exit_code_one()
    {
        var right = new DemoOutcome(Good, Answered, [], null, [Identified]);
        var wrong = new DemoOutcome(Good, Answered, [], null, []);
        DemoOutcome.ExitCode([right, right]).ShouldBe(0);
        DemoOutcome.ExitCode([right, wrong]).ShouldBe(1);
    }
}
