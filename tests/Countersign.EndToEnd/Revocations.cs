using System.Net;
using System.Net.Sockets;
using System.Text;
using Countersign.EndToEnd.Refusals;
using Countersign.Native;

namespace Countersign.EndToEnd;

/// <summary>A reload that revokes a client reaches the connections it already has.</summary>
public sealed class Revocations
{
    private static readonly string Listed = Gate.Configuration(Gate.Guarded
        .Replace("ssl_verify_depth 2;", "ssl_verify_depth 2; ssl_crl pki/crl.pem;")
        .Replace("location / { proxy_pass http://%%app%%; }", """
            location / { return 200 "ok\n"; }
            location /chat { proxy_pass http://%%app%%; proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection upgrade; }
            """));

    private const string Refusal = "client SSL certificate verify error under the new configuration: (23:certificate revoked)";

    [Fact]
    [Refuses("revocation/still-connected")]
    public async Task A_connection_that_waits_is_closed_and_named()
    {
        await using var gate = await Gate.Open(Listed);
        using var client = await gate.Connect("tls");
        await client.Send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
        (await client.Read()).Body.ShouldBe("ok\n");
        await Reload(gate, gate.Client);
        (await client.ReadToEnd()).ShouldBe("");
        await gate.Server.ErrorLog.WaitFor(Refusal);
        (await StillConnected(gate, "\"status\":null", "\"host\":null")).ShouldBeOnPage("revocation/still-connected");
    }

    [Fact]
    public async Task A_client_that_was_let_in_but_asks_only_now_is_refused()
    {
        await using var gate = await Gate.Open(Listed);
        using var client = await gate.Connect("tls");
        await Reload(gate, gate.Client);
        await client.Send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
        (await client.ReadToEnd()).ShouldContain("The SSL certificate error");
        await gate.Server.ErrorLog.WaitFor(Refusal);
        await StillConnected(gate, "\"status\":495", "\"host\":\"localhost\"");
    }

    [Fact]
    public async Task So_is_one_whose_server_has_its_handshakes_done_by_the_default_one()
    {
        await using var gate = await Gate.Open(Gate.Configuration(Gate.Guarded
            .Replace("server_name localhost;", "server_name default.example; ssl_crl pki/crl.pem;") + """
            server { listen %%tls%% ssl; server_name localhost; ssl_verify_client on; location / { return 200 "ok\n"; } }
            """));
        using var client = await gate.Connect("tls");
        await Reload(gate, gate.Client);
        await client.Send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
        (await client.ReadToEnd()).ShouldContain("The SSL certificate error");
        await gate.Server.ErrorLog.WaitFor(Refusal);
    }

    [Fact]
    [Innocent("revocation/still-connected")]
    public async Task A_client_that_still_passes_is_served_by_the_old_plan()
    {
        await using var gate = await Gate.Open(Listed);
        using var client = await gate.Connect("tls");
        await Reload(gate, gate.Stranger);
        await client.Send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
        (await client.ReadToEnd()).ShouldEndWith("ok\n");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_upgraded_connection_ends_with_its_client_s_right_to_it(bool revoked)
    {
        await using var gate = await Gate.Open(Listed);
        gate.App.Handler = async connection =>
        {
            await connection.ReadRequest();
            await connection.Send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
            await connection.Send((await connection.ReadBytes(5)).ToUpperInvariant());
            await connection.Stall();
        };
        using var client = await gate.Connect("tls");
        await client.Send("GET /chat HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
        (await client.ReadHead()).ShouldStartWith("HTTP/1.1 101");
        await Reload(gate, revoked ? gate.Client : gate.Stranger);
        if (revoked)
        {
            (await client.ReadToEnd()).ShouldBeOneOf("", "[reset]");
            await gate.Server.ErrorLog.WaitFor(Refusal);
            await StillConnected(gate, "\"status\":null");
        }
        else
        {
            await client.Send("hello");
            (await client.ReadExactly(5)).ShouldBe("HELLO");
        }
    }

    /// <summary>Every connection is answered, and what was asked between two reloads is answered by the list of the first.</summary>
    [Fact]
    public async Task Ten_reloads_under_load_drop_nobody_and_let_nobody_in_under_the_old_list()
    {
        const int Connections = 5000;
        const int Reloads = 10;
        await using var gate = await Gate.Open(Listed.Replace("worker_processes 1;", "worker_processes 2;"));
        var (begun, done, made) = (0, 0, 0);
        var answers = new int[2];
        var wrong = new System.Collections.Concurrent.ConcurrentQueue<string>();
        using var context = TlsClientContext.Create(new TlsClientOptions { Certificate = new TlsKeyPair(gate.Pki("client.pem"), gate.Pki("client.key")) });
        var clients = Enumerable.Range(0, 8).Select(_ => Task.Factory.StartNew(
            () =>
            {
                while (Interlocked.Increment(ref made) <= Connections)
                {
                    using var client = new BlockingClient(context, gate.Server.EndPoint("tls"));
                    var before = Volatile.Read(ref done);
                    var answer = client.Ask("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
                    var isIn = answer.EndsWith("ok\n", StringComparison.Ordinal);
                    if (!isIn && !answer.Contains("The SSL certificate error", StringComparison.Ordinal))
                    {
                        wrong.Enqueue($"neither let in nor refused: {answer}");
                    }
                    // After an odd number of reloads the client is revoked. Whoever was refused by the old list may stay refused.
                    if (isIn && before % 2 == 1 && Volatile.Read(ref begun) == before)
                    {
                        wrong.Enqueue($"let in after {before} reloads");
                    }
                    Interlocked.Increment(ref answers[isIn ? 0 : 1]);
                }
            },
            TaskCreationOptions.LongRunning)).ToArray();
        for (var reload = 1; reload <= Reloads; reload++)
        {
            await Deadline.Until(() => made > reload * Connections / (Reloads + 1), $"the time for reload {reload}", within: TimeSpan.FromSeconds(120));
            Interlocked.Increment(ref begun);
            await Reload(gate, reload % 2 == 1 ? gate.Client : gate.Stranger);
            Interlocked.Increment(ref done);
        }

        await Task.WhenAll(clients);
        wrong.ShouldBeEmpty();
        (answers[0] + answers[1]).ShouldBe(Connections);
        answers[0].ShouldBeGreaterThan(500);
        answers[1].ShouldBeGreaterThan(500);
    }

    /// <summary>nginx would go on, so it has no line of its own.</summary>
    private static async Task<RefusalRecord> StillConnected(Gate gate, params string[] fields)
    {
        var log = await new LogFile(Path.Combine(gate.Server.Prefix, "logs/refusal.log")).WaitFor("\"id\":\"revocation/still-connected\"");
        var line = log.Split('\n').First(line => line.Contains("still-connected", StringComparison.Ordinal));
        foreach (var field in (string[])[.. fields, "\"subject\":\"CN=test client\"", "\"others\":[\"revocation/revoked\"]", "\"nginx\":\"\""])
        {
            line.ShouldContain(field);
        }
        return new RefusalRecord(line, "");
    }

    private static async Task Reload(Gate gate, Identity revoked)
    {
        var before = gate.Server.ErrorLog.Length;
        gate.WritePki("crl.pem", gate.Root.Crl() + gate.Issuing.Crl([revoked]));
        await gate.Server.Signal("HUP");
        await gate.Server.ErrorLog.WaitFor("start worker processes", before);
    }

    /// <summary>libssl on a blocking socket: thousands of connections are to cost the machine little.</summary>
    private sealed class BlockingClient : IDisposable
    {
        private readonly System.Net.Sockets.Socket _socket;
        private readonly TlsConnection _tls;

        public BlockingClient(TlsClientContext context, EndPoint to)
        {
            _socket = new System.Net.Sockets.Socket(to.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveTimeout = 30_000 };
            _socket.Connect(to);
            _tls = TlsConnection.Connect(context, (int)_socket.Handle, "localhost", null, null);
            _tls.Handshake().ShouldBe(TlsStatus.Done, _tls.Error?.ToString());
        }

        public string Ask(string request)
        {
            _tls.Write(Encoding.ASCII.GetBytes(request), out _).ShouldBe(TlsStatus.Done);
            var answer = new StringBuilder();
            var buffer = new byte[4096];
            while (_tls.Read(buffer, out var count) == TlsStatus.Done)
            {
                answer.Append(Encoding.ASCII.GetString(buffer, 0, count));
            }
            return answer.ToString();
        }

        public void Dispose()
        {
            _tls.Dispose();
            _socket.Dispose();
        }
    }
}
