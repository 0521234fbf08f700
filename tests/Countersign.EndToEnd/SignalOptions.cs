using System.Globalization;

namespace Countersign.EndToEnd;

/// <summary><c>-s</c>: whom it reaches, what it says when it reaches nobody, and its exit code.</summary>
public sealed class SignalOptions : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string PidPath => _folder.File("logs/gate.pid");

    public static TheoryData<string, string> Signals => new() { { "stop", "15" }, { "quit", "3" }, { "reopen", "10" }, { "reload", "1" } };

    [Theory]
    [MemberData(nameof(Signals))]
    public async Task Without_a_pid_file_it_says_so(string signal, string number)
    {
        var result = await Signal(signal, null);
        result.Error.ShouldEndWith($": [error] open() \"{PidPath}\" failed (2: No such file or directory)\n", Case.Sensitive, number);
        result.ExitCode.ShouldBe(1);
        File.ReadAllText(_folder.File("logs/error.log")).ShouldMatch(
            $"""^\d+.* \[notice\] \d+#\d+: signal process started\n\d+.* \[error\] \d+#\d+: open\(\) "{PidPath}" failed \(2: No such file or directory\)\n\z""");
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("\n", "")]
    [InlineData("none\n", "none")]
    [InlineData("12 34\n", "12 34")]
    [InlineData("-1\n", "-1")]
    [InlineData("99999999999999999999\r\n", "99999999999999999999")]
    public async Task A_pid_file_without_a_number_is_said(string content, string shown)
    {
        var result = await Signal("reload", content);
        result.Error.ShouldEndWith($": [error] invalid PID number \"{shown}\" in \"{PidPath}\"\n");
        result.ExitCode.ShouldBe(1);
    }

    [Theory]
    [MemberData(nameof(Signals))]
    public async Task A_process_that_is_gone_is_said(string signal, string number)
    {
        var result = await Signal(signal, $"{await Gone()}\n");
        result.Error.ShouldMatch($@": \[alert\] kill\(\d+, {number}\) failed \(3: No such process\)\n\z");
        result.ExitCode.ShouldBe(1);
    }

    [Fact]
    public async Task A_broken_configuration_reaches_nobody()
    {
        await using var gate = await Gate.Open(Answering("old"));
        gate.Server.Configure("nonsense");
        var result = await To(gate, "stop");
        result.Error.ShouldContain(": [emerg] ");
        result.ExitCode.ShouldBe(1);
        (await gate.Get("http")).ShouldEndWith("old\n");
    }

    [Fact]
    public async Task Reload_and_reopen_are_silent_and_reach_the_gate()
    {
        await using var gate = await Gate.Open(Answering("old"));
        gate.Server.Configure(Answering("new"));
        await Said(gate, "reload");
        await Deadline.Eventually(async () => (await gate.Get("http")).EndsWith("new\n", StringComparison.Ordinal), "the new configuration", gate.Server.Evidence);
        File.Move(gate.Server.AccessLog.Path, gate.Server.AccessLog.Path + ".1");
        await Said(gate, "reopen");
        await Deadline.Until(() => File.Exists(gate.Server.AccessLog.Path), "a new access log", gate.Server.Evidence);
        await Said(gate, "quit");
        (await gate.Server.WaitForExit()).ShouldBe(0);
    }

    private static string Answering(string word) => Gate.Configuration($$"""server { listen %%http%%; location / { return 200 "{{word}}\n"; } }""");

    private static async Task Said(Gate gate, string signal)
    {
        var result = await To(gate, signal);
        result.Both.ShouldBe("");
        result.ExitCode.ShouldBe(0);
    }

    private static Task<CommandResult> To(Gate gate, string signal) => CommandLine.Run(
        ServerProgram.Countersign.Require(), ["-p", gate.Server.Prefix + "/", "-c", "conf/nginx.conf", "-e", "logs/error.log", "-s", signal]);

    private Task<CommandResult> Signal(string signal, string? pid)
    {
        _folder.Write("conf/nginx.conf", "pid logs/gate.pid;\nevents { }\n");
        _folder.Write("logs/error.log", "");
        if (pid is not null)
        {
            _folder.Write("logs/gate.pid", pid);
        }
        return CommandLine.Run(
            ServerProgram.Countersign.Require(), ["-p", _folder.Path + "/", "-c", "conf/nginx.conf", "-e", "logs/error.log", "-s", signal]);
    }

    /// <summary>The number of a process that has ended and been waited for.</summary>
    private static async Task<string> Gone()
    {
        using var process = CommandLine.Start("true", []);
        await process.WaitForExitAsync(Deadline.Token());
        return process.Id.ToString(CultureInfo.InvariantCulture);
    }

    public void Dispose() => _folder.Dispose();
}
