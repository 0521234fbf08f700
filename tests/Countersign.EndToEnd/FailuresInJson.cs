using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Countersign.EndToEnd;

/// <summary>A command that cannot do what it was asked for: with <c>--json</c> a machine reads that, too, and nothing else.</summary>
public sealed class FailuresInJson : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1, "nothing listens on", "probe", "127.0.0.1:1")]
    [InlineData(1, "has no address", "probe", "nobody.invalid")]
    [InlineData(2, "is no HOST:PORT", "probe", "localhost:0")]
    [InlineData(2, "does not exist", "probe", "localhost:1", "--cert", "%/none.pem")]
    [InlineData(2, "is a folder", "probe", "localhost:1", "--cert", "%")]
    [InlineData(2, "has no certificate in PEM", "probe", "localhost:1", "--cert", "%/text")]
    [InlineData(2, "has no key that can be used", "probe", "localhost:1", "--cert", "%/root.pem")]
    [InlineData(2, "--ca: cannot load certificate", "probe", "localhost:1", "--ca", "%/text")]
    [InlineData(2, "there is no option --nonsense", "probe", "--nonsense", "localhost:1")]
    [InlineData(2, "required argument missing", "probe")]
    [InlineData(2, "does not exist", "bundle", "%/none.pem")]
    [InlineData(2, "is a folder", "bundle", "%")]
    [InlineData(2, "does not exist", "bundle", "%/root.pem", "--crl", "%/none.pem")]
    [InlineData(2, "required argument missing", "bundle")]
    [InlineData(2, "failed (2: No such file or directory)", "explain", "-c", "%/none.conf", "--no-cert")]
    [InlineData(2, "unexpected end of file", "explain", "-c", "%/text", "--no-cert")]
    [InlineData(2, "it takes a client", "explain", "-c", "%/gate.conf")]
    [InlineData(2, "there is no certificate in it", "explain", "-c", "%/gate.conf", "--cert", "%/text")]
    [InlineData(1, "no gate answers", "tail", "-c", "%/gate.conf")]
    [InlineData(1, "failed (2: No such file or directory)", "tail", "-c", "%/none.conf")]
    [InlineData(1, "no gate answers", "incident", "last", "-c", "%/gate.conf")]
    [InlineData(1, "is no incident", "incident", "latest", "-c", "%/gate.conf")]
    [InlineData(1, "cannot start /none: No such file or directory", "demo", "--gate", "/none")]
    [InlineData(1, "the gate ended with exit code 1", "demo", "--gate", "/bin/false")]
    public async Task Each_is_one_object_with_the_message_and_what_to_type(int code, string said, params string[] words)
    {
        using var root = Identity.SelfSigned("CN=Root");
        _folder.Write("root.pem", root.Pem);
        _folder.Write("text", "neither PEM nor a configuration");
        _folder.Write("gate.conf", $"""
            pid {_folder.Path}/gate.pid;
            events {"{ }"}
            http {"{ server { listen 8443 ssl; ssl_certificate none.pem; ssl_certificate_key none.key; } }"}
            """);
        ShouldBeTold(await Type([.. words.Select(word => word.Replace("%", _folder.Path)), "--json"]), code, said);
    }

    [Fact]
    public async Task An_address_that_takes_no_connection_is_one_too()
    {
        using var full = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        full.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        full.Listen(0);
        var queue = Enumerable.Range(0, 4).Select(_ => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)).ToList();
        // The kernel takes what the queue holds and lets the rest wait.
        queue.ForEach(socket => _ = socket.ConnectAsync(full.LocalEndPoint!));
        ShouldBeTold(await Type("probe", full.LocalEndPoint!.ToString()!, "--timeout", "300ms", "--json"), 1, "did not take the connection in time");
        queue.ForEach(socket => socket.Dispose());
    }

    [Fact]
    public async Task Without_json_standard_output_stays_empty()
    {
        var result = await Type("probe", "127.0.0.1:1");
        result.Output.ShouldBeEmpty();
        result.Error.ShouldStartWith("countersign: nothing listens on 127.0.0.1:1");
    }

    [Fact]
    public async Task A_gate_that_ends_is_the_last_line_of_its_tail()
    {
        await using var gate = await Gate.Open(Gate.Configuration(Gate.Guarded));
        using var tail = CommandLine.Start(ServerProgram.Countersign.Require(), ["tail", "--json", "-c", gate.Server.ConfigurationPath, "-p", gate.Server.Prefix]);
        (await tail.StandardError.ReadLineAsync(Deadline.Token()))!.ShouldStartWith("refusals of the gate at ");
        await gate.Server.Signal("TERM");
        var output = await tail.StandardOutput.ReadToEndAsync(Deadline.Token());
        var error = await tail.StandardError.ReadToEndAsync(Deadline.Token());
        await tail.WaitForExitAsync(Deadline.Token());
        ShouldBeTold(new CommandResult(tail.ExitCode, output, error), 1, "the gate has ended");
    }

    private static Task<CommandResult> Type(params string[] words) => CommandLine.Run(ServerProgram.Countersign.Require(), words);

    private static void ShouldBeTold(CommandResult result, int code, string said)
    {
        result.ExitCode.ShouldBe(code, result.Both);
        result.Output.ShouldEndWith("}\n");
        using var json = JsonDocument.Parse(result.Output);
        json.RootElement.GetProperty("v").GetInt32().ShouldBe(1);
        var error = json.RootElement.GetProperty("error");
        error.GetProperty("message").GetString()!.ShouldContain(said);
        result.Error.ShouldBe($"countersign: {error.GetProperty("message").GetString()}\nTry: {error.GetProperty("next").GetString()}\n");
    }
}
