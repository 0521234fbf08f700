using System.Net.Sockets;
using System.Text;

namespace Countersign.EndToEnd;

/// <summary>sd_notify(3): the service manager hears of it when the gate is open, and not before; of reloads and of the end.</summary>
public sealed class Readiness : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Socket _manager = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);

    public Readiness() => _manager.Bind(new UnixDomainSocketEndPoint(_folder.File("notify")));

    [Fact]
    public async Task Systemd_is_told_when_the_ports_listen()
    {
        await using var gate = await Open();
        (await Heard()).ShouldBe(["READY=1", $"MAINPID={gate.Server.Process.Id}"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    public async Task A_reload_begins_and_ends_whatever_comes_of_it(string more)
    {
        await using var gate = await Open();
        (await Heard()).ShouldContain("READY=1");
        gate.Server.Configure(Gate.Configuration(Gate.Plain) + more);
        await gate.Server.Signal("HUP");
        var begun = await Heard();
        begun[0].ShouldBe("RELOADING=1");
        begun[1].ShouldMatch(@"^MONOTONIC_USEC=\d+\z");
        (await Heard()).ShouldContain("READY=1");
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("QUIT")]
    public async Task The_end_is_told(string signal)
    {
        await using var gate = await Open();
        (await Heard()).ShouldContain("READY=1");
        await gate.Server.Signal(signal);
        (await Heard()).ShouldBe(["STOPPING=1"]);
        (await gate.Server.WaitForExit()).ShouldBe(0);
    }

    private Task<Gate> Open()
    {
        Assert.SkipWhen(ServerProgram.Countersign.IsNginx, "Debian's nginx notifies nobody");
        return Gate.Open(Gate.Configuration(Gate.Plain), true, $"export NOTIFY_SOCKET={_folder.File("notify")};");
    }

    private async Task<string[]> Heard()
    {
        var message = new byte[4096];
        var length = await _manager.ReceiveAsync(message, SocketFlags.None, Deadline.Token());
        return Encoding.UTF8.GetString(message, 0, length).Split('\n');
    }

    public void Dispose()
    {
        _manager.Dispose();
        _folder.Dispose();
    }
}
