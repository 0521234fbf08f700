using Countersign.Commands.Demo;
using Countersign.Refusals;
using Spectre.Console;

namespace Countersign.Tests.Demo;

public sealed class DemoReportTests
{
    private const string Line =
        "2031/05/06 07:08:09 [info] 12#12: *3 client sent no required SSL certificate while reading client request headers, client: 127.0.0.1, server: a, host: \"a\"";

    private static readonly DemoCase Nobody =
        new("no certificate", "sends none", DemoExpectation.Refused(400, "No required SSL certificate was sent", "client sent no required SSL certificate", "not-sent/not-configured"));

    private static readonly RefusalEntry Reason = new()
    {
        Time = default,
        Incident = "00ff00ff00ff00ff",
        Id = "not-sent/not-configured",
        Blame = "client",
        Confidence = "likely",
        Message = "the gate asked for a certificate and the client answered that it has none",
        Advice = [new("client", "Give the client its certificate and its key", "curl --cert client-chain.pem --key client.key https://service.domain.com/"), new("operator", "Or not", null)],
    };

    private static readonly DemoSight Refused = new() { Status = 400, Title = "No required SSL certificate was sent" };

    [Fact]
    public void A_refusal_is_what_the_client_sees_what_the_log_says_why_and_what_to_change() =>
        Written(4096, new DemoOutcome(Nobody, Refused, [Line], Reason, [])).ShouldBe(
            """
              ok    no certificate         sends none
                    client sees    400 No required SSL certificate was sent
                    log says       [info] client sent no required SSL certificate while reading client request headers
                    reason         not-sent/not-configured, up to the client (likely)
                                   the gate asked for a certificate and the client answered that it has none
                    to mend        client: Give the client its certificate and its key
                                     curl --cert client-chain.pem --key client.key https://service.domain.com/


            """);

    [Fact]
    public void A_narrow_terminal_gets_everything_wrapped_but_what_is_to_be_pasted() =>
        Written(80, new DemoOutcome(Nobody, Refused, [Line], Reason, [])).ShouldBe(
            """
              ok    no certificate         sends none
                    client sees    400 No required SSL certificate was sent
                    log says       [info] client sent no required SSL certificate while
                                   reading client request headers
                    reason         not-sent/not-configured, up to the client (likely)
                                   the gate asked for a certificate and the client answered
                                   that it has none
                    to mend        client: Give the client its certificate and its key
                                     curl --cert client-chain.pem --key client.key https://service.domain.com/


            """);

    [Fact]
    public void A_deviation_is_marked_and_told() =>
        Written(4096, new DemoOutcome(Nobody, new DemoSight { Alert = 116 }, [], null, [])).ShouldBe(
            """
              WRONG no certificate         sends none
                    client sees    TLS alert 116 (certificate_required)
                    but            expected status 400, the client saw no status
                    but            expected the page "No required SSL certificate was sent", the client saw ""
                    but            expected no TLS alert, the client saw TLS alert 116
                    but            expected a line with "client sent no required SSL certificate" in the error log
                    but            expected the reason not-sent/not-configured, the gate gave no reason


            """);

    [Fact]
    public void A_server_without_reasons_shows_none() =>
        Written(80, new DemoOutcome(Nobody with { Expected = Nobody.Expected with { Reason = null } }, Refused, [Line], null, [])).ShouldBe(
            """
              ok    no certificate         sends none
                    client sees    400 No required SSL certificate was sent
                    log says       [info] client sent no required SSL certificate while
                                   reading client request headers


            """);

    [Fact]
    public void A_reason_that_a_stranger_wrote_into_cannot_steer_the_terminal() =>
        Written(80, new DemoOutcome(Nobody, Refused, [Line], Reason with { Message = "\u001b[2J" }, [])).ShouldNotContain("\u001b");

    [Fact]
    public void What_the_backend_gets_is_shown() =>
        Written(4096, new DemoOutcome(new DemoCase("good", "sends one", DemoExpectation.Accepted()), new DemoSight { Status = 200, Title = "hello" }, [], null, [new("SUCCESS", "0A")]))
            .ShouldContain("        backend gets   X-SSL-Verify: SUCCESS, X-SSL-Serial: 0A\n");

    [Fact]
    public void The_end_counts_those_who_deviate()
    {
        var right = new DemoOutcome(Nobody, Refused, [Line], Reason, []);
        var wrong = new DemoOutcome(Nobody, Refused, [], Reason, []);
        Text(4096, report => report.WriteEnd([right, right])).ShouldBe("2 clients, 0 to be let in and 2 to be refused: each went as it should\n");
        Text(4096, report => report.WriteEnd([right, wrong])).ShouldBe("2 clients, 0 to be let in and 2 to be refused: 1 did not go as it should\n");
    }

    [Fact]
    public void Nothing_but_a_terminal_gets_colour() =>
        Written(80, new DemoOutcome(Nobody, Refused, [Line], Reason, [])).ShouldNotContain("\u001b");

    [Fact]
    public void A_command_to_copy_stays_on_one_line()
    {
        var command = "curl " + new string('x', 200);
        Text(80, report => report.WriteSuggestions([new DemoSuggestion("a long one", command)])).ShouldContain($"  {command}\n");
    }

    [Theory]
    [InlineData("2031/05/06 07:08:09 [error] 12#12: *3 no such file", "[error] no such file")]
    [InlineData("2031/05/06 07:08:09 [notice] 12#13: signal 15", "[notice] signal 15")]
    [InlineData("2031/05/06 07:08:09 [info] 12#12: *3 refused, client: 127.0.0.1, host: \"a\"", "[info] refused")]
    [InlineData("not a line of nginx", "not a line of nginx")]
    public void A_line_loses_its_clock_its_numbers_and_its_request(string line, string shown) => DemoReport.WithoutContext(line).ShouldBe(shown);

    private static string Written(int width, DemoOutcome outcome) => Text(width, report => report.Write(outcome));

    private static string Text(int width, Action<DemoReport> write)
    {
        using var text = new StringWriter { NewLine = "\n" };
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Out = new AnsiConsoleOutput(text),
        });
        console.Profile.Width = width;
        write(new DemoReport(console));
        return text.ToString();
    }
}
