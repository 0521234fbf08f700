namespace Countersign.EndToEnd;

/// <summary>What else a reload may change while clients are served: loops, sockets, the time that old requests have.</summary>
public sealed class Reloads
{
    private static string Answering(string word, string listen = "%%http%%", string processes = "1", string main = "error_log logs/error.log info;") =>
        Gate.Configuration(
            $$"""server { listen {{listen}}; location / { return 200 "{{word}}\n"; } location /app { proxy_pass http://%%app%%; } }""", main)
        .Replace("worker_processes 1;", $"worker_processes {processes};");

    [Fact]
    public async Task Loops_come_and_go()
    {
        await using var gate = await Gate.Open(Answering("one"));
        await ReloadAll(gate, Answering("three", processes: "3"), "three");
        await Ask(gate, "three");
        await ReloadAll(gate, Answering("two", processes: "2"), "two");
        await Ask(gate, "two");
        gate.Server.ErrorLog.Read().ShouldNotContain("[alert]");
    }

    /// <summary>Also not whom one loop has accepted for another that is about to go.</summary>
    [Fact]
    public async Task Nobody_is_lost_while_loops_come_and_go()
    {
        await using var gate = await Gate.Open(Answering("0"));
        using var stop = new CancellationTokenSource();
        var asking = Enumerable.Range(0, 16).Select(_ => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                (await gate.Get("http")).ShouldStartWith("HTTP/1.1 200 OK");
            }
        })).ToList();
        for (var turn = 1; turn <= 10; turn++)
        {
            await Reload(gate, Answering($"{turn}", processes: turn % 2 == 0 ? "1" : "4"), $"{turn}");
        }
        await stop.CancelAsync();
        await Task.WhenAll(asking);
        gate.Server.ErrorLog.Read().ShouldNotContain("[alert]");
    }

    [Fact]
    public async Task A_request_under_way_keeps_its_loop_until_it_is_answered()
    {
        await using var gate = await Gate.Open(Answering("one", processes: "4"));
        var answer = new TaskCompletionSource();
        gate.App.Handler = async connection =>
        {
            await connection.ReadRequest();
            await answer.Task;
            await connection.Send(Backend.Hello);
        };
        var underWay = Enumerable.Range(0, 8).Select(_ => gate.Get("http", "/app")).ToList();
        await Deadline.Until(() => gate.App.Connections == 8, "eight requests at the backend");
        await Reload(gate, Answering("two"), "two");
        answer.SetResult();
        (await Task.WhenAll(underWay)).ShouldAllBe(said => said.EndsWith("hello"));
    }

    [Fact]
    public async Task An_address_can_get_and_lose_reuseport()
    {
        await using var gate = await Gate.Open(Answering("shared", processes: "2"));
        await ReloadAll(gate, Answering("each", "%%http%% reuseport", "2"), "each");
        await Ask(gate, "each");
        await ReloadAll(gate, Answering("shared again", processes: "2"), "shared again");
        await Ask(gate, "shared again");
        gate.Server.ErrorLog.Read().ShouldNotContain("[emerg]");
    }

    [Fact]
    public async Task A_socket_of_the_file_system_comes_and_goes_with_its_listen()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("gate.socket");
        await using var gate = await Gate.Open(Answering("one"));
        await Reload(gate, Answering("two", $"%%http%%; listen unix:{path}"), "two");
        File.Exists(path).ShouldBeTrue();
        await Reload(gate, Answering("three"), "three");
        await Deadline.Until(() => !File.Exists(path), "the socket's file to go");
        await gate.Server.ErrorLog.WaitFor($"deleting socket {path}");
    }

    [Fact]
    public async Task A_port_that_is_taken_keeps_the_old_configuration()
    {
        await using var other = await Gate.Open(Answering("other"));
        await using var gate = await Gate.Open(Answering("old"));
        var taken = other.Server.EndPoint("http");
        gate.Server.Configure(Answering("new", $"%%http%%; listen {taken}"));
        await gate.Server.Signal("HUP");
        await gate.Server.ErrorLog.WaitFor($"bind() to {taken} failed (98: Address already in use)");
        await gate.Server.ErrorLog.WaitFor("still could not bind()");
        (await gate.Get("http")).ShouldEndWith("old\n");
    }

    [Fact]
    public async Task Old_requests_are_cut_off_after_worker_shutdown_timeout()
    {
        await using var gate = await Gate.Open(Answering("old", main: "error_log logs/error.log info; worker_shutdown_timeout 100ms;"));
        using var client = await gate.AskInVain("/app");
        await Reload(gate, Answering("new"), "new");
        (await client.ReadToEnd()).ShouldBeOneOf("", "[reset]");
    }

    [Fact]
    public async Task An_idle_client_is_closed_and_one_that_has_not_asked_yet_is_served()
    {
        await using var gate = await Gate.Open(Answering("old"));
        using var idle = await gate.Connect("http");
        await idle.Send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
        (await idle.Read()).Body.ShouldBe("old\n");
        using var silent = await gate.Connect("http");
        // The one after it has been accepted, so it has been.
        await Ask(gate, "old");
        await Reload(gate, Answering("new"), "new");
        (await idle.ReadToEnd()).ShouldBe("");
        await silent.Send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
        (await silent.ReadToEnd()).ShouldEndWith("old\n");
        await gate.Server.ErrorLog.WaitFor("exited with code 0");
    }

    [Fact]
    public async Task Keepalive_min_timeout_keeps_an_idle_client_through_a_reload_and_a_drain()
    {
        Assert.SkipWhen(ServerProgram.Countersign.IsNginx, "Debian's nginx does not know it");
        await using var gate = await Gate.Open(Kept("old", "60s"));
        using var idle = await gate.Connect("http");
        await AskOn(idle, "old\n");
        await Reload(gate, Kept("new", "60s"), "new");
        // The answer says that it is the last.
        await AskOn(idle, "old\n");
        (await idle.ReadToEnd()).ShouldBe("");
        using var late = await gate.Connect("http");
        await AskOn(late, "new\n");
        await gate.Server.Signal("QUIT");
        var port = gate.Server.EndPoint("http");
        await Deadline.Eventually(() => Refuses(port), "the port to close");
        gate.Server.Process.HasExited.ShouldBeFalse();
        await AskOn(late, "new\n");
        (await gate.Server.WaitForExit()).ShouldBe(0);
    }

    [Theory]
    [InlineData("100ms", "75s")]
    [InlineData("60s", "100ms")]
    public async Task After_keepalive_min_timeout_it_is_closed(string minimum, string timeout)
    {
        Assert.SkipWhen(ServerProgram.Countersign.IsNginx, "Debian's nginx does not know it");
        await using var gate = await Gate.Open(Kept("old", minimum, timeout));
        using var idle = await gate.Connect("http");
        await AskOn(idle, "old\n");
        await gate.Server.Signal("QUIT");
        (await idle.ReadToEnd()).ShouldBe("");
        (await gate.Server.WaitForExit()).ShouldBe(0);
    }

    private static string Kept(string word, string minimum, string timeout = "75s") =>
        Answering(word).Replace("access_log ", $"keepalive_timeout {timeout}; keepalive_min_timeout {minimum}; access_log ");

    private static async Task<bool> Refuses(System.Net.EndPoint port)
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

    private static async Task AskOn(RawClient client, string body)
    {
        await client.Send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
        (await client.Read()).Body.ShouldBe(body);
    }

    [Fact]
    public async Task What_a_plan_opened_is_closed_with_it()
    {
        Assert.SkipWhen(ServerProgram.Countersign.IsNginx, "there the workers are other processes after each reload");
        await using var gate = await Gate.Open(Changing(0));
        gate.App.Answer(Backend.Hello);
        await Turn(1);
        await Turn(2);
        var before = Descriptors.Count(gate);
        for (var turn = 3; turn <= 22; turn++)
        {
            await Turn(turn);
        }
        await Deadline.Until(() => Descriptors.Count(gate) <= before, "nothing to be left open", () => Descriptors.List(gate));

        async Task Turn(int number)
        {
            await Reload(gate, Changing(number), $"{number}");
            // A kept connection to the backend, on any of the loops.
            (await gate.Get("http", "/app")).ShouldEndWith("hello");
            (await gate.Get("tls")).ShouldEndWith("hello");
        }

        // Other logs each time, another port, and four loops or one.
        static string Changing(int turn) => Answering($"{turn}", $"%%http%%; listen %%port{turn % 2}%%", turn % 2 == 0 ? "1" : "4", $"error_log logs/error.log info; error_log logs/error{turn}.log debug;")
            .Replace("access_log logs/access.log;", $"access_log logs/access{turn}.log combined buffer=4k flush=1m; upstream app {{ server %%app%%; keepalive 4; }} {Gate.Guarded}")
            .Replace("proxy_pass http://%%app%%", "proxy_pass http://app");
    }

    [Fact]
    public async Task Buffered_lines_of_a_loop_that_goes_are_written()
    {
        await using var gate = await Gate.Open(Buffered("one", "4"));
        for (var turn = 0; turn < 20; turn++)
        {
            await gate.Get("http", $"/line{turn}");
        }
        await Reload(gate, Buffered("two", "1"), "two");
        await Deadline.Until(() => gate.Server.AccessLog.Read().Contains("/line19 ", StringComparison.Ordinal), "what was in the buffer", gate.Server.Evidence);

        static string Buffered(string word, string processes) => Answering(word, processes: processes)
            .Replace("access_log logs/access.log;", "access_log logs/access.log combined buffer=64k flush=1h;");
    }

    private static async Task Ask(Gate gate, string word)
    {
        for (var turn = 0; turn < 20; turn++)
        {
            (await gate.Get("http")).ShouldEndWith(word + "\n");
        }
    }

    /// <summary>Until nobody is served by the old configuration: one loop answers by the new one before another has taken it up.</summary>
    private static async Task ReloadAll(Gate gate, string configuration, string word)
    {
        var before = gate.Server.ErrorLog.Length;
        await Reload(gate, configuration, word);
        await gate.Server.ErrorLog.WaitFor("exited with code 0", before);
    }

    private static async Task Reload(Gate gate, string configuration, string word)
    {
        gate.Server.Configure(configuration);
        await gate.Server.Signal("HUP");
        await Deadline.Eventually(
            async () => (await gate.Get("http")).EndsWith(word + "\n", StringComparison.Ordinal), $"\"{word}\"", gate.Server.Evidence);
    }
}
