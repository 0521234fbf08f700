using Countersign.Commands.Demo;
using Spectre.Console;

namespace Countersign.Tests.Demo;

public sealed class DemoReportTests
{
    private const string Line =
        "2031/05/06 07:08:09 [info] 12#12: *3 client sent no required SSL certificate while reading client request headers, client: 127.0.0.1, server: a, host: \"a\"";

    private static readonly DemoCase Nobody =
        new("no certificate", "sends none", DemoExpectation.Refused(400, "No required SSL certificate was sent", "client sent no required SSL certificate"));

    private static readonly DemoSight Refused = new() { Status = 400, Title = "No required SSL certificate was sent" };

    [Fact]
    public void A_case_is_what_the_client_sees_and_what_the_log_says() =>
        Written(4096, new DemoOutcome(Nobody, Refused, [Line], [])).ShouldBe(
            """
              ok    no certificate         sends none
                    client sees    400 No required SSL certificate was sent
                    log says       [info] client sent no required SSL certificate while reading client request headers, client: 127.0.0.1, server: a, host: "a"


            """);

    [Fact]
    public void A_narrow_terminal_gets_the_message_before_its_context() =>
        Written(80, new DemoOutcome(Nobody, Refused, [Line], [])).ShouldBe(
            """
              ok    no certificate         sends none
                    client sees    400 No required SSL certificate was sent
                    log says       [info] client sent no required SSL certificate while
                                   reading client request headers,
                                   client: 127.0.0.1, server: a, host: "a"


            """);

    [Fact]
    public void A_deviation_is_marked_and_told() =>
        Written(4096, new DemoOutcome(Nobody, new DemoSight { Alert = 116 }, [], [])).ShouldBe(
            """
              WRONG no certificate         sends none
                    client sees    TLS alert 116 (certificate_required)
                    but            expected status 400, the client saw no status
                    but            expected the page "No required SSL certificate was sent", the client saw ""
                    but            expected no TLS alert, the client saw TLS alert 116
                    but            expected a line with "client sent no required SSL certificate" in the error log


            """);

    [Fact]
    public void What_the_backend_gets_is_shown() =>
        Written(4096, new DemoOutcome(new DemoCase("good", "sends one", DemoExpectation.Accepted()), new DemoSight { Status = 200, Title = "hello" }, [], [new("SUCCESS", "0A")]))
            .ShouldContain("        backend gets   X-SSL-Verify: SUCCESS, X-SSL-Serial: 0A\n");

    [Fact]
    public void The_end_counts_those_who_deviate()
    {
        var right = new DemoOutcome(Nobody, Refused, [Line], []);
        var wrong = new DemoOutcome(Nobody, Refused, [], []);
        Text(4096, report => report.WriteEnd([right, right])).ShouldBe("2 clients, 0 to be let in and 2 to be refused: each went as it should\n");
        Text(4096, report => report.WriteEnd([right, wrong])).ShouldBe("2 clients, 0 to be let in and 2 to be refused: 1 did not go as it should\n");
    }

    [Fact]
    public void Nothing_but_a_terminal_gets_colour() =>
        Written(80, new DemoOutcome(Nobody, Refused, [Line], [])).ShouldNotContain("\u001b");

    [Fact]
    public void A_command_to_copy_stays_on_one_line()
    {
        var command = "curl " + new string('x', 200);
        Text(80, report => report.WriteSuggestions([new DemoSuggestion("a long one", command)])).ShouldContain($"  {command}\n");
    }

    [Theory]
    [InlineData("2031/05/06 07:08:09 [error] 12#12: *3 no such file", "[error] no such file")]
    [InlineData("2031/05/06 07:08:09 [notice] 12#13: signal 15", "[notice] signal 15")]
    [InlineData("not a line of nginx", "not a line of nginx")]
    public void A_line_loses_its_clock_and_its_numbers(string line, string shown) => DemoReport.WithoutClock(line).ShouldBe(shown);

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
