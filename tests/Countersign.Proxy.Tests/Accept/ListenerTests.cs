using System.Net;
using System.Net.Sockets;
using Countersign.Proxy.Accept;
using NetSocket = System.Net.Sockets.Socket;

namespace Countersign.Proxy.Tests.Accept;

public sealed class ListenerTests
{
    [Fact]
    public void Who_leaves_and_comes_back_is_seen_to_leave_first()
    {
        using var gate = new OneClient();
        using var listening = new NetSocket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
        listening.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listening.Listen();
        using var first = Connect(listening);
        NetSocket? second = null;
        var seen = new List<string>();
        Listener? listener = null;
        gate.Run(async () =>
        {
            var both = new TaskCompletionSource();
            listener = new Listener(gate.Client.Worker, new ListeningSocket(gate.Client.Listen, [(int)listening.Handle]), client => _ = Serve(client));
            await both.Task;

            async Task Serve(Client client)
            {
                var isSecond = second is not null;
                if (!isSecond)
                {
                    var leaving = client.Channel.ReadAsync(new byte[1], -1);
                    first.Dispose();
                    second = Connect(listening);
                    (await leaving).ShouldBe(0);
                }
                seen.Add(isSecond ? "the second comes" : "the first has left");
                client.Channel.Dispose();
                gate.Client.Worker.Remove(client);
                if (seen.Count == 2)
                {
                    both.SetResult();
                }
            }
        });
        second?.Dispose();
        gate.Run(() =>
        {
            listener?.Dispose();
            return Task.CompletedTask;
        });
        seen.ShouldBe(["the first has left", "the second comes"]);
    }

    private static NetSocket Connect(NetSocket listening)
    {
        var client = new NetSocket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        client.Connect(listening.LocalEndPoint!);
        return client;
    }
}
