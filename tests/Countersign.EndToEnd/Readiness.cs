using System.Net.Sockets;
using System.Text;

namespace Countersign.EndToEnd;

/// <summary>sd_notify(3): the service manager hears of it when the gate is open, and not before.</summary>
public sealed class Readiness
{
    [Fact]
    public async Task Systemd_is_told_when_the_ports_listen()
    {
        Assert.SkipWhen(ServerProgram.Countersign.IsNginx, "Debian's nginx notifies nobody");
        using var folder = new TemporaryFolder();
        using var manager = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        manager.Bind(new UnixDomainSocketEndPoint(folder.File("notify")));
        await using var gate = await Gate.Open(Gate.Configuration(Gate.Plain), true, $"export NOTIFY_SOCKET={folder.File("notify")};");
        var message = new byte[4096];
        var length = await manager.ReceiveAsync(message, SocketFlags.None, Deadline.Token());
        Encoding.UTF8.GetString(message, 0, length).Split('\n').ShouldContain("READY=1");
    }
}
