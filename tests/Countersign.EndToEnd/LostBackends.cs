using System.Net;
using System.Net.Sockets;

namespace Countersign.EndToEnd;

/// <summary>Backends that are never reached: what waits for them ends in time, and leaves nothing behind.</summary>
public sealed class LostBackends : IDisposable
{
    private readonly Socket _full = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly List<Socket> _waiting = [];

    /// <summary>A port whose queue is full: who connects there is neither taken nor refused.</summary>
    public LostBackends()
    {
        _full.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _full.Listen(0);
        for (var number = 0; number < 4; number++)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
            _waiting.Add(socket);
            try
            {
                socket.Connect(_full.LocalEndPoint!);
            }
            catch (SocketException pending) when (pending.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
            {
                // It waits, as whoever comes next will.
            }
        }
    }

    [Fact]
    public async Task A_backend_that_takes_no_connection_is_a_timeout()
    {
        await using var gate = await Open("proxy_connect_timeout 100ms;");
        (await gate.Get("http", "/full")).ShouldStartWith("HTTP/1.1 504");
        gate.Server.ErrorLog.Read().ShouldContain(
            $"upstream timed out (110: Connection timed out) while connecting to upstream, client: 127.0.0.1, server: , request: \"GET /full HTTP/1.1\", upstream: \"http://{_full.LocalEndPoint}/full\"");
    }

    [Fact]
    public async Task A_backend_that_never_shakes_hands_is_a_timeout()
    {
        await using var gate = await Open("proxy_connect_timeout 100ms;");
        gate.App.Handler = connection => connection.Stall();
        (await gate.Get("http", "/silent")).ShouldStartWith("HTTP/1.1 504");
        gate.Server.ErrorLog.Read().ShouldContain("upstream timed out (110: Connection timed out) while SSL handshaking to upstream, client: ");
    }

    [Theory]
    [InlineData("/full", "while connecting to upstream")]
    [InlineData("/silent", "while SSL handshaking to upstream")]
    public async Task A_client_that_leaves_meanwhile_leaves_nothing_behind(string target, string doing)
    {
        await using var gate = await Open("");
        gate.App.Handler = connection => connection.Stall();
        await gate.Get("http", "/static");
        var before = Descriptors.Count(gate);
        var clients = new List<RawClient>();
        for (var number = 0; number < 20; number++)
        {
            var client = await gate.Connect("http");
            await client.Send($"GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n");
            clients.Add(client);
        }
        // Two for each, but for those of the requests before, which may still have been closing when they were counted.
        await Deadline.Until(() => Descriptors.Count(gate) >= before + 38, "a connection to a backend for each client", gate.Server.Evidence);
        clients.ForEach(client => client.Dispose());
        await Deadline.Until(() => Descriptors.Count(gate) <= before, "all descriptors closed", gate.Server.Evidence);
        await Deadline.Until(() => gate.Server.AccessLog.Read().Split(" 499 ").Length == 21, "twenty times 499", gate.Server.Evidence);
        gate.Server.ErrorLog.Read().ShouldContain($"client prematurely closed connection, so upstream connection is closed too {doing}");
    }

    [Fact]
    public async Task Connections_to_backends_count_for_worker_connections()
    {
        await using var gate = await Gate.Open(Gate.Configuration(Gate.Plain, events: "worker_connections 12;"));
        gate.App.Handler = Gate.Stalls;
        var clients = new List<RawClient>();
        for (var number = 0; number < 10; number++)
        {
            var client = await gate.Connect("http");
            await client.Send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
            clients.Add(client);
        }
        await Deadline.Until(() => gate.Server.ErrorLog.Read().Contains("12 worker_connections are not enough", StringComparison.Ordinal),
            "the connections to run out", gate.Server.Evidence);
        clients.ForEach(client => client.Dispose());
        await Deadline.Eventually(async () => (await gate.Get("http", "/static")).EndsWith("static\n", StringComparison.Ordinal),
            "room again", gate.Server.Evidence);
    }

    private Task<Gate> Open(string settings) => Gate.Open(Gate.Configuration($$"""
        server {
            listen %%http%%;
            {{settings}}
            location /full { proxy_pass http://{{_full.LocalEndPoint}}; }
            location /silent { proxy_pass https://%%app%%; }
            location /static { return 200 "static\n"; }
        }
        """));

    public void Dispose()
    {
        _waiting.ForEach(socket => socket.Dispose());
        _full.Dispose();
    }
}
