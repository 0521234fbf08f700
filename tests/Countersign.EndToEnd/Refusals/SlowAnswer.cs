using System.Net;
using System.Net.Sockets;

namespace Countersign.EndToEnd.Refusals;

/// <summary>Stands between one client and a server, and lets everything but the client's first bytes, its ClientHello, wait for a while.</summary>
internal sealed class SlowAnswer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Task _relay;

    public SlowAnswer(EndPoint server, TimeSpan pause)
    {
        _listener.Start();
        _relay = Relay(server, pause);
    }

    public IPEndPoint EndPoint => (IPEndPoint)_listener.LocalEndpoint;

    public void Dispose()
    {
        _listener.Dispose();
        // The client has its answer and is gone; what ends the relay is of no interest.
        _relay.ContinueWith(ended => _ = ended.Exception, TaskScheduler.Default);
    }

    private async Task Relay(EndPoint server, TimeSpan pause)
    {
        using var client = await _listener.AcceptSocketAsync(Deadline.Token());
        using var gate = new Socket(SocketType.Stream, ProtocolType.Tcp);
        client.NoDelay = gate.NoDelay = true;
        await gate.ConnectAsync(server, Deadline.Token());
        var answers = Copy(gate, client, TimeSpan.Zero);
        await Copy(client, gate, pause);
        await answers;
    }

    /// <param name="pause">Before the second piece.</param>
    private static async Task Copy(Socket from, Socket to, TimeSpan pause)
    {
        var buffer = new byte[16384];
        for (var piece = 0; ; piece++)
        {
            var count = await from.ReceiveAsync(buffer, Deadline.Token());
            if (count == 0)
            {
                to.Shutdown(SocketShutdown.Send);
                return;
            }
            if (piece == 1)
            {
                await Task.Delay(pause);
            }
            await to.SendAsync(buffer.AsMemory(0, count), Deadline.Token());
        }
    }
}
