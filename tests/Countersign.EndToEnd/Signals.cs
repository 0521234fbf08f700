namespace Countersign.EndToEnd;

/// <summary>HUP, QUIT, TERM and USR1, while requests are under way.</summary>
public sealed class Signals
{
    private static string Answering(string word) =>
        Gate.Configuration($$"""server { listen %%http%%; location / { return 200 "{{word}}\n"; } location /app { proxy_pass http://%%app%%; } }""");

    [Fact]
    public async Task A_reload_takes_the_new_configuration()
    {
        await using var gate = await Gate.Open(Answering("old"));
        (await gate.Get("http")).ShouldEndWith("old\n");
        await Reload(gate, Answering("new"), "new");
    }

    /// <summary>nohup, and a shell that starts something in the background.</summary>
    [Fact]
    public async Task What_was_ignored_at_the_start_is_heard()
    {
        await using var gate = await Gate.Open(Answering("old"), shell: "trap '' HUP INT QUIT;");
        await Reload(gate, Answering("new"), "new");
        await gate.Server.Signal("QUIT");
        (await gate.Server.WaitForExit()).ShouldBe(0);
    }

    [Fact]
    public async Task A_request_under_way_survives_a_reload()
    {
        await using var gate = await Gate.Open(Answering("old"));
        var answer = new TaskCompletionSource();
        gate.App.Handler = async connection =>
        {
            await connection.ReadRequest();
            await answer.Task;
            await connection.Send(Backend.Hello);
        };
        var underWay = gate.Get("http", "/app");
        await Deadline.Until(() => gate.App.Connections == 1, "the request to reach the backend");
        await Reload(gate, Answering("new"), "new");
        answer.SetResult();
        (await underWay).ShouldEndWith("hello");
    }

    [Fact]
    public async Task No_connection_is_dropped_by_reloads()
    {
        await using var gate = await Gate.Open(Answering("0"));
        using var stop = new CancellationTokenSource();
        var served = 0;
        var clients = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                (await gate.Get("http", "/app")).ShouldStartWith("HTTP/1.1 200");
                Interlocked.Increment(ref served);
            }
        })).ToList();
        for (var turn = 1; turn <= 5; turn++)
        {
            var before = Volatile.Read(ref served);
            await Reload(gate, Answering($"{turn}"), $"{turn}");
            await Deadline.Until(() => Volatile.Read(ref served) > before + 10 || clients.Any(client => client.IsFaulted), "requests between reloads");
        }

        await stop.CancelAsync();
        await Task.WhenAll(clients);
    }

    [Fact]
    public async Task A_broken_configuration_keeps_the_old_one()
    {
        await using var gate = await Gate.Open(Answering("old"));
        gate.Server.Configure(Answering("new").Replace("return 200", "retrun 200"));
        await gate.Server.Signal("HUP");
        var log = await gate.Server.ErrorLog.WaitFor("unknown directive \"retrun\"");
        log.ShouldContain("[emerg]");
        (await gate.Get("http")).ShouldEndWith("old\n");
        await Reload(gate, Answering("mended"), "mended");
    }

    [Fact]
    public async Task A_broken_bundle_keeps_the_old_one()
    {
        await using var gate = await Gate.Open(Gate.Configuration(Gate.Guarded));
        gate.WritePki("bundle.pem", "");
        await gate.Server.Signal("HUP");
        await gate.Server.ErrorLog.WaitFor("bundle.pem");
        (await gate.Get("tls")).ShouldEndWith("hello");
    }

    [Fact]
    public async Task A_reload_takes_a_new_revocation_list()
    {
        var guarded = Gate.Configuration(Gate.Guarded.Replace("ssl_verify_depth 2;", "ssl_verify_depth 2; ssl_crl pki/crl.pem;"));
        await using var gate = await Gate.Open(guarded);
        (await gate.Get("tls")).ShouldEndWith("hello");
        gate.WritePki("crl.pem", gate.Root.Crl() + gate.Issuing.Crl([gate.Client]));
        await gate.Server.Signal("HUP");
        await Until(gate, "tls", "The SSL certificate error");
        await gate.Server.ErrorLog.WaitFor("(23:certificate revoked)");
    }

    [Fact]
    public async Task A_reload_opens_and_closes_ports()
    {
        await using var gate = await Gate.Open(Answering("first"));
        var port = gate.Server.EndPoint("http");
        gate.Server.Configure(Answering("second").Replace("%%http%%", "%%moved%%"));
        await gate.Server.Signal("HUP");
        await Until(gate, "moved", "second");
        await Deadline.Eventually(() => Refused(port), "the old port to close");
    }

    [Fact]
    public async Task Quit_finishes_what_is_under_way()
    {
        await using var gate = await Gate.Open(Answering("x"));
        var answer = new TaskCompletionSource();
        gate.App.Handler = async connection =>
        {
            await connection.ReadRequest();
            await answer.Task;
            await connection.Send(Backend.Hello);
        };
        using var idle = await gate.Connect("http");
        await idle.Send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
        (await idle.Read()).Body.ShouldBe("x\n");
        var underWay = gate.Get("http", "/app");
        await Deadline.Until(() => gate.App.Connections == 1, "the request to reach the backend");
        var port = gate.Server.EndPoint("http");

        await gate.Server.Signal("QUIT");
        await Deadline.Eventually(() => Refused(port), "the port to close");
        (await idle.ReadToEnd()).ShouldBe("");
        gate.Server.Process.HasExited.ShouldBeFalse();
        answer.SetResult();
        (await underWay).ShouldEndWith("hello");
        (await gate.Server.WaitForExit()).ShouldBe(0);
    }

    [Fact]
    public async Task Term_ends_at_once()
    {
        await using var gate = await Gate.Open(Answering("x"));
        using var client = await gate.AskInVain("/app");
        await gate.Server.Signal("TERM");
        (await gate.Server.WaitForExit()).ShouldBe(0);
        (await client.ReadToEnd()).ShouldBeOneOf("", "[reset]");
    }

    [Fact]
    public async Task Usr1_reopens_the_logs()
    {
        await using var gate = await Gate.Open(Answering("x"));
        await gate.Get("http", "/before");
        await gate.Server.AccessLog.WaitFor("/before");
        var moved = new LogFile(gate.Server.AccessLog.Path + ".1");
        File.Move(gate.Server.AccessLog.Path, moved.Path);
        await gate.Server.Signal("USR1");
        await Deadline.Until(() => File.Exists(gate.Server.AccessLog.Path), "a new access log");
        await Deadline.Eventually(() => Said(gate, "/after"), "a line in the new access log");
        moved.Read().ShouldContain("/before");
        gate.Server.AccessLog.Read().ShouldNotContain("/before");
    }

    // nginx's master creates the file before its worker writes there: so ask until a line arrives.
    private static async Task<bool> Said(Gate gate, string target)
    {
        await gate.Get("http", target);
        return gate.Server.AccessLog.Read().Contains(target, StringComparison.Ordinal);
    }

    private static async Task Reload(Gate gate, string configuration, string word)
    {
        gate.Server.Configure(configuration);
        await gate.Server.Signal("HUP");
        await Until(gate, "http", word + "\n");
    }

    private static Task Until(Gate gate, string port, string answer) => Deadline.Eventually(
        async () => (await gate.Get(port)).Contains(answer, StringComparison.Ordinal),
        $"\"{answer.Trim()}\" on {port}",
        gate.Server.Evidence);

    private static async Task<bool> Refused(System.Net.EndPoint port)
    {
        try
        {
            using var client = await RawClient.Connect(port);
            return false;
        }
        catch (System.Net.Sockets.SocketException)
        {
            return true;
        }
    }
}
