using System.Collections.Concurrent;
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
        using var listening = Listening();
        using var first = Connect(listening);
        NetSocket? second = null;
        var seen = new List<string>();
        Listener? listener = null;
        gate.Run(async () =>
        {
            var both = new TaskCompletionSource();
            gate.Client.Worker.Serve = client => _ = Serve(client);
            listener = new Listener(gate.Client.Worker, new ListeningSocket(gate.Client.Listen, [(int)listening.Handle]));
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

    [Theory]
    [InlineData("", 6, 10)]
    [InlineData("server { listen 127.0.0.1:8080 reuseport; }", 0, 0)]
    public void A_rush_that_one_loop_accepts_is_shared_with_one_that_has_fewer(string http, int least, int most)
    {
        using var one = new OneClient(http);
        using var other = new OneClient();
        var share = new FairShare();
        share.Use([one.Client.Worker, other.Client.Worker]);
        var served = new ConcurrentBag<Client>();
        var all = new TaskCompletionSource();
        foreach (var worker in new[] { one.Client.Worker, other.Client.Worker })
        {
            worker.Share = share;
            worker.Serve = client =>
            {
                served.Add(client);
                if (served.Count == 20)
                {
                    all.TrySetResult();
                }
            };
        }
        using var listening = Listening();
        var clients = Enumerable.Range(0, 20).Select(_ => Connect(listening)).ToList();
        Listener? listener = null;
        one.Run(async () =>
        {
            listener = new Listener(one.Client.Worker, new ListeningSocket(one.Client.Listen, [(int)listening.Handle]));
            await all.Task;
        });
        served.Count(client => client.Worker == other.Client.Worker).ShouldBeInRange(least, most);
        one.Run(() => Close(one, listener));
        other.Run(() => Close(other, null));
        clients.ForEach(client => client.Dispose());

        Task Close(OneClient gate, Listener? listener)
        {
            listener?.Dispose();
            foreach (var client in served.Where(client => client.Worker == gate.Client.Worker))
            {
                client.Channel.Dispose();
            }
            return Task.CompletedTask;
        }
    }

    private static NetSocket Listening()
    {
        var listening = new NetSocket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
        listening.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listening.Listen();
        return listening;
    }

    private static NetSocket Connect(NetSocket listening)
    {
        var client = new NetSocket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        client.Connect(listening.LocalEndPoint!);
        return client;
    }
}
