namespace Countersign.EndToEnd;

/// <summary>What goes wrong for one must not go wrong for the others.</summary>
public sealed class Adversity
{
    [Fact]
    public async Task A_stalling_backend_keeps_nobody_else_waiting()
    {
        await using var gate = await Gate.Open(Gate.Configuration(Gate.Plain));
        gate.App.Handler = Gate.Stalls;
        var waiting = new List<RawClient>();
        for (var number = 0; number < 50; number++)
        {
            var client = await gate.Connect("http");
            await client.Send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
            waiting.Add(client);
        }

        await Deadline.Until(() => gate.App.Connections == 50, "fifty requests at the backend");
        (await gate.Get("http", "/static")).ShouldEndWith("static\n");
        waiting.ForEach(client => client.Dispose());
    }

    [Fact]
    public async Task Backends_that_break_off_harm_only_their_own_clients()
    {
        await using var gate = await Gate.Open(Gate.Configuration(Gate.Plain));
        gate.App.Handler = async connection =>
        {
            var request = await connection.ReadRequest();
            switch (request!.StartLine.Split(' ')[1])
            {
                case "/reset":
                    connection.Reset();
                    break;
                case "/silent":
                    break;
                case "/lying":
                    await connection.Send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nshort");
                    break;
                case "/babble":
                    await connection.Send("HTTP/1.1 200 OK\r\nno colon in here\r\n\r\n");
                    break;
                default:
                    await connection.Send(Backend.Hello);
                    break;
            }
        };
        for (var turn = 0; turn < 10; turn++)
        {
            (await gate.Get("http", "/reset")).ShouldStartWith("HTTP/1.1 502");
            (await gate.Get("http", "/silent")).ShouldStartWith("HTTP/1.1 502");
            (await gate.Get("http", "/babble")).ShouldStartWith("HTTP/1.1 502");
            var lied = await gate.Get("http", "/lying");
            lied.ShouldContain("Content-Length: 1000\r\n");
            lied.ShouldEndWith("short");
            (await gate.Get("http", "/well")).ShouldEndWith("hello");
        }
    }

    [Theory]
    [InlineData("http")]
    [InlineData("tls")]
    public async Task Clients_that_dribble_keep_nobody_else_waiting(string port)
    {
        await using var gate = await Gate.Open(Gate.Configuration(Gate.Plain + Gate.Guarded));
        var dribblers = new List<RawClient>();
        const string request = "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        for (var number = 0; number < 40; number++)
        {
            dribblers.Add(await gate.Connect(port));
        }

        // Each byte is a segment of its own to all forty; in between the others are served.
        foreach (var letter in request[..^1])
        {
            foreach (var dribbler in dribblers)
            {
                await dribbler.Send(letter.ToString());
            }

            if (letter == '\n')
            {
                (await gate.Get(port)).ShouldEndWith("hello");
            }
        }

        foreach (var dribbler in dribblers)
        {
            await dribbler.Send("\n");
            (await dribbler.ReadToEnd()).ShouldEndWith("hello");
            dribbler.Dispose();
        }
    }

    [Fact]
    public async Task A_half_handshake_keeps_nobody_else_waiting()
    {
        await using var gate = await Gate.Open(Gate.Configuration(Gate.Guarded));
        var halves = new List<RawClient>();
        for (var number = 0; number < 40; number++)
        {
            var client = await RawClient.Connect(gate.Server.EndPoint("tls"));
            await client.Send("\u0016\u0003\u0001\u0002\u0000\u0001\u0000");
            halves.Add(client);
        }

        (await gate.Get("tls")).ShouldEndWith("hello");
        halves.ForEach(client => client.Dispose());
    }

    [Theory]
    [InlineData("access_log /dev/full;")]
    [InlineData("access_log /dev/full combined buffer=4k flush=1s;")]
    public async Task A_full_disk_under_the_access_log_stops_nobody(string log)
    {
        await using var gate = await Gate.Open(Gate.Configuration(Gate.Plain).Replace("access_log logs/access.log;", log));
        for (var turn = 0; turn < 100; turn++)
        {
            (await gate.Get("http", $"/static/{turn}")).ShouldEndWith("static\n");
        }

        await gate.Server.ErrorLog.WaitFor("/dev/full\" failed (28: No space left on device)");
    }

    [Fact]
    public async Task A_full_disk_under_the_error_log_stops_nobody()
    {
        await using var gate = await Gate.Open(Gate.Configuration(Gate.Plain, "error_log /dev/full debug;"));
        for (var turn = 0; turn < 100; turn++)
        {
            (await gate.Get("http", "/static")).ShouldEndWith("static\n");
        }
    }

    [Fact]
    public async Task Connections_beyond_the_limit_do_not_harm_a_request_under_way()
    {
        await using var gate = await Gate.Open(Gate.Configuration(Gate.Plain, events: "worker_connections 20;"));
        var answer = new TaskCompletionSource();
        gate.App.Handler = async connection =>
        {
            await connection.ReadRequest();
            await answer.Task;
            await connection.Send(Backend.Hello);
        };
        var underWay = gate.Get("http");
        await Deadline.Until(() => gate.App.Connections == 1, "the request to reach the backend");
        var clients = new List<RawClient>();
        for (var number = 0; number < 40; number++)
        {
            clients.Add(await gate.Connect("http"));
        }

        await gate.Server.ErrorLog.WaitFor("20 worker_connections are not enough");
        answer.SetResult();
        (await underWay).ShouldEndWith("hello");
        clients.ForEach(client => client.Dispose());
        await Served(gate);
    }

    [Fact]
    public async Task Running_out_of_descriptors_is_survived()
    {
        // 128 is enough for any of the programs to start with, and less than the clients want.
        await using var gate = await Gate.Open(Gate.Configuration(Gate.Plain), true, "ulimit -n 128;");
        var clients = new List<RawClient>();
        for (var number = 0; number < 200; number++)
        {
            clients.Add(await gate.Connect("http"));
        }

        await gate.Server.ErrorLog.WaitFor("(24: Too many open files)");
        await clients[0].Send("GET /static HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        (await clients[0].ReadToEnd()).ShouldEndWith("static\n");
        clients.ForEach(client => client.Dispose());
        await Served(gate);
    }

    [Fact]
    public async Task Without_a_descriptor_for_a_backend_only_that_request_fails()
    {
        await using var gate = await Gate.Open(Gate.Configuration(Gate.Plain), true, "ulimit -n 128;");
        var clients = new List<RawClient>();
        for (var number = 0; number < 200; number++)
        {
            clients.Add(await gate.Connect("http"));
        }

        await gate.Server.ErrorLog.WaitFor("accept4() failed (24: Too many open files)");
        await clients[0].Send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
        (await clients[0].Read()).StartLine.ShouldBe("HTTP/1.1 500 Internal Server Error");
        await gate.Server.ErrorLog.WaitFor("socket() failed (24: Too many open files) while connecting to upstream");
        await clients[1].Send("GET /static HTTP/1.1\r\nHost: localhost\r\n\r\n");
        (await clients[1].Read()).Body.ShouldBe("static\n");
        clients.ForEach(client => client.Dispose());
        await Deadline.Eventually(async () => (await gate.Get("http")).EndsWith("hello", StringComparison.Ordinal), "the backend to be reached again", gate.Server.Evidence);
    }

    /// <summary>A limit on the size of files stands for the full disk. Ignoring its signal makes the write fail instead, as a full disk does;
    /// and .NET would map its code through a file that is larger.</summary>
    private const string SmallFiles = "export DOTNET_EnableWriteXorExecute=0; trap '' XFSZ; ulimit -f 64;";

    [Fact]
    public async Task A_full_disk_under_a_request_body_fails_only_that_request()
    {
        await using var gate = await Gate.Open(Gate.Configuration(Gate.Plain), true, SmallFiles);
        using var client = await gate.Connect("http");
        await client.Send($"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 500000\r\n\r\n{new string('x', 500_000)}");
        (await client.ReadToEnd()).ShouldStartWith("HTTP/1.1 500");
        gate.Server.ErrorLog.Read().ShouldMatch("""pwrite\(\) ".*/temp/body/\d+" failed \(27: File too large\)""");
        gate.App.Connections.ShouldBe(0);
        // The file goes with the request, which lasts as long as its client lingers.
        client.Dispose();
        await Deadline.Until(() => Directory.GetFiles(Path.Combine(gate.Server.Prefix, "temp/body")).Length == 0, "the file to go");
        (await gate.Get("http")).ShouldEndWith("hello");
    }

    [Fact]
    public async Task A_full_disk_under_an_answer_fails_only_that_answer()
    {
        await using var gate = await Gate.Open(Gate.Configuration(Gate.Plain), true, SmallFiles);
        gate.App.Handler = async connection =>
        {
            await connection.ReadRequest();
            await connection.Send("HTTP/1.1 200 OK\r\nContent-Length: 50000000\r\n\r\n" + new string('x', 50_000_000));
        };
        using var client = await gate.Connect("http");
        await client.Send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
        // Not a byte is read before that, so the answer has nowhere else to go.
        await gate.Server.ErrorLog.WaitFor("failed (27: File too large) while reading upstream");
        (await client.ReadToEnd()).Length.ShouldBeLessThan(50_000_000);
        await Deadline.Until(() => Directory.GetFiles(Path.Combine(gate.Server.Prefix, "temp/proxy")).Length == 0, "the file to go");
        gate.App.Answer(Backend.Hello);
        (await gate.Get("http")).ShouldEndWith("hello");
    }

    /// <summary>The server notices in its own time that there is room again; until then it may close at once.</summary>
    private static Task Served(Gate gate) => Deadline.Eventually(
        async () => (await gate.Get("http", "/static")).EndsWith("static\n", StringComparison.Ordinal),
        "a request to be served again",
        gate.Server.Evidence);
}
