using System.Diagnostics;
using System.Text.Json;

namespace Countersign.EndToEnd;

/// <summary><c>countersign demo</c> as the first thing somebody types; and the same clients at nginx, so that what it shows is what nginx does.</summary>
public sealed class Demonstration
{
    [Theory]
    [InlineData("countersign")]
    [InlineData("nginx")]
    public async Task Every_client_fares_as_it_should(string gate)
    {
        var result = await Run(gate, "--json");
        result.Error.ShouldBeEmpty();
        using var report = JsonDocument.Parse(result.Output);
        Deviations(report).ShouldBeEmpty();
        report.RootElement.GetProperty("cases").EnumerateArray().Count(one => one.GetProperty("refusal").GetBoolean()).ShouldBeGreaterThanOrEqualTo(10);
        result.ExitCode.ShouldBe(0, result.Both);
    }

    [Theory]
    [InlineData("countersign")]
    [InlineData("nginx")]
    public async Task It_tells_what_the_client_sees_and_what_the_log_says(string gate)
    {
        var result = await Run(gate);
        result.Error.ShouldBeEmpty();
        result.Output.ShouldContain("client sees    400 No required SSL certificate was sent\n        log says       [info] client sent no required SSL certificate while");
        result.Output.ShouldEndWith(
            $": each went as it should\nTo try it by hand, at a gate that stays open: countersign demo --stay{(gate == "nginx" ? $" --gate {ServerProgram.Nginx.Require()}" : "")}\n");
        result.Output.ShouldNotContain("\u001b", Case.Sensitive, "a pipe gets no colour");
        result.Output.ShouldNotContain("PRIVATE KEY");
    }

    [Fact]
    public async Task It_tells_why_each_client_was_refused_and_what_to_change()
    {
        var text = (await Run("countersign")).Output;
        text.ShouldContain("reason         chain/missing-intermediate, up to the client (proved)\n                       the client sent its certificate alone");
        text.ShouldContain("to mend        client: Send the intermediate after the client's own certificate, in one file\n                         cat client.pem intermediate.pem > client-chain.pem\n");
        using var report = JsonDocument.Parse((await Run("countersign", "--json")).Output);
        foreach (var one in report.RootElement.GetProperty("cases").EnumerateArray())
        {
            var reason = one.GetProperty("reason");
            (reason.ValueKind == JsonValueKind.Object).ShouldBe(one.GetProperty("refusal").GetBoolean(), one.GetProperty("name").GetString());
            if (reason.ValueKind == JsonValueKind.Object)
            {
                foreach (var field in (string[])["id", "blame", "confidence", "message"])
                {
                    reason.GetProperty(field).GetString().ShouldNotBeNullOrEmpty();
                }
                reason.GetProperty("advice")[0].GetProperty("text").GetString().ShouldNotBeNullOrEmpty();
            }
        }
    }

    [Fact]
    public async Task A_server_without_a_refusal_log_is_shown_without_reasons()
    {
        (await Run("nginx")).Output.ShouldNotContain("  reason  ");
        using var report = JsonDocument.Parse((await Run("nginx", "--json")).Output);
        report.RootElement.GetProperty("cases").EnumerateArray().ShouldAllBe(one => one.GetProperty("reason").ValueKind == JsonValueKind.Null);
    }

    [Theory]
    [InlineData("countersign")]
    [InlineData("nginx")]
    public async Task It_leaves_the_gate_open_with_commands_that_work(string gate)
    {
        using var demo = CommandLine.Start(ServerProgram.Countersign.Require(), Arguments(gate, "--stay", "--json"));
        try
        {
            using var report = JsonDocument.Parse(await ReadObject(demo));
            var folder = report.RootElement.GetProperty("folder").GetString()!;
            (await Try(report, "the good client")).ShouldStartWith("HTTP/1.1 200");
            (await Try(report, "no certificate")).ShouldContain("No required SSL certificate was sent");
            (await Try(report, "a revoked certificate")).ShouldContain("The SSL certificate error");
            (await Try(report, "no server name")).ShouldContain("No required SSL certificate was sent");
            (await Try(report, "plain HTTP")).ShouldContain("The plain HTTP request was sent to HTTPS port");
            (await Try(report, "what the gate asks for")).ShouldContain("Verify return code: 0 (ok)");
            (await Try(report, "two intermediates")).ShouldStartWith("HTTP/1.1 200");
            if (gate == "countersign")
            {
                (await Try(report, "why the last one was refused")).ShouldStartWith("not-asked/plain-http  incident ");
            }

            await CommandLine.Run("kill", ["-TERM", $"{demo.Id}"]);
            await demo.WaitForExitAsync(Deadline.Token());
            demo.ExitCode.ShouldBe(0);
            Directory.Exists(folder).ShouldBeFalse();
        }
        finally
        {
            demo.Kill(entireProcessTree: true);
        }
    }

    [Fact]
    public async Task A_gate_that_does_not_start_is_told_with_its_words()
    {
        var result = await CommandLine.Run(ServerProgram.Countersign.Require(), ["demo", "--gate", "/bin/false"]);
        result.Error.ShouldBe("countersign: the gate ended with exit code 1\nTry: /bin/false -V\n");
        result.ExitCode.ShouldBe(1);
    }

    private static Task<CommandResult> Run(string gate, params string[] options) =>
        CommandLine.Run(ServerProgram.Countersign.Require(), Arguments(gate, options), within: TimeSpan.FromSeconds(60));

    private static string[] Arguments(string gate, params string[] options) =>
        ["demo", .. options, .. gate == "nginx" ? (string[])["--gate", ServerProgram.Nginx.Require()] : []];

    private static IEnumerable<string> Deviations(JsonDocument report) =>
        from one in report.RootElement.GetProperty("cases").EnumerateArray()
        from deviation in one.GetProperty("deviations").EnumerateArray()
        select $"{one.GetProperty("name")}: {deviation}, log: {one.GetProperty("log")}";

    private static async Task<string> Try(JsonDocument report, string about)
    {
        var command = report.RootElement.GetProperty("try").EnumerateArray()
            .Single(one => one.GetProperty("about").GetString()!.StartsWith(about, StringComparison.Ordinal))
            .GetProperty("command").GetString()!;
        return (await CommandLine.Run("sh", ["-c", command])).Output;
    }

    /// <summary>The object ends with a brace in the first column; the program goes on.</summary>
    private static async Task<string> ReadObject(Process demo)
    {
        var lines = new List<string>();
        while (await demo.StandardOutput.ReadLineAsync(Deadline.Token(TimeSpan.FromSeconds(60))) is { } line)
        {
            lines.Add(line);
            if (line == "}")
            {
                break;
            }
        }
        return string.Join('\n', lines);
    }
}
