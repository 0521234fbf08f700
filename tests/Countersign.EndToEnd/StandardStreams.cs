namespace Countersign.EndToEnd;

/// <summary>A disk that is full, a descriptor that is closed, a pipe that nobody reads.</summary>
public sealed class StandardStreams : IDisposable
{
    private static readonly string Program = ServerProgram.Countersign.Require();

    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("> /dev/full", "No space left on device")]
    [InlineData(">&-", "Bad file descriptor")]
    public async Task A_report_that_cannot_be_written_is_said_and_is_no_verdict(string to, string why)
    {
        using var root = Identity.SelfSigned("CN=Root");
        var result = await Shell($"'{Program}' bundle --fix '{_folder.Write("root.pem", root.Pem)}' {to}");
        result.Error.ShouldBe($"countersign: standard output cannot be written: {why}\n");
        result.ExitCode.ShouldBe(2);
    }

    [Fact]
    public async Task A_dump_that_cannot_be_written_fails()
    {
        var result = await Shell($"'{Program}' -T -q -c '{Configuration()}' > /dev/full");
        result.Error.ShouldBe("countersign: standard output cannot be written: No space left on device\n");
        result.ExitCode.ShouldBe(1);
    }

    [Fact]
    public async Task Without_standard_error_the_exit_code_has_to_do()
    {
        var file = Configuration();
        (await Shell($"'{Program}' -t -c '{file}' 2>&-")).ExitCode.ShouldBe(0);
        (await Shell($"'{Program}' -t -c '{file}.none' 2>&-")).ExitCode.ShouldBe(1);
        (await Shell($"'{Program}' explain -c '{file}' 2>&-")).ExitCode.ShouldBe(2);
    }

    [Fact]
    public async Task Countersign_tail_ends_when_nobody_reads_it_any_more()
    {
        await using var gate = await Gate.Open(Gate.Configuration(Gate.Guarded));
        using var tail = CommandLine.Start("sh", ["-c", $"'{Program}' tail -c '{gate.Server.ConfigurationPath}' -p '{gate.Server.Prefix}' | head -n 1"]);
        (await tail.StandardError.ReadLineAsync(Deadline.Token()))!.ShouldStartWith("refusals of the gate at ");
        await Refuse(gate);
        (await tail.StandardOutput.ReadLineAsync(Deadline.Token()))!.ShouldContain("  chain/self-signed  ");
        while (!tail.HasExited)
        {
            await Refuse(gate);
        }
    }

    public void Dispose() => _folder.Dispose();

    private static Task<CommandResult> Shell(string command) => CommandLine.Run("sh", ["-c", command]);

    private string Configuration() => _folder.Write("nginx.conf", $"error_log {_folder.Path}/error.log; pid {_folder.Path}/gate.pid; events {{ }} http {{ access_log off; }}\n");

    private static async Task Refuse(Gate gate)
    {
        using var client = await RawClient.Connect(gate.Server.EndPoint("tls"), new TlsClient { Identity = gate.Stranger });
        await client.Send("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        await client.ReadToEnd();
    }
}
