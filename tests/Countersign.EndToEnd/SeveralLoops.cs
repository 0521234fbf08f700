namespace Countersign.EndToEnd;

/// <summary>worker_processes above one: what the loops share stays whole.</summary>
public sealed class SeveralLoops
{
    private const int Clients = 8;
    private const int Requests = 50;

    [Theory]
    [InlineData("access_log logs/access.log;")]
    [InlineData("access_log logs/access.log combined buffer=4k flush=1m;")]
    public async Task Log_lines_of_several_loops_do_not_mix(string log)
    {
        var configuration = Gate.Configuration(Gate.Plain).Replace("worker_processes 1;", "worker_processes 2;").Replace("access_log logs/access.log;", log);
        await using var gate = await Gate.Open(configuration);
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(number => Task.Run(async () =>
        {
            for (var turn = 0; turn < Requests; turn++)
            {
                (await gate.Get("http", $"/static/{number}/{turn}?{new string('x', 200)}")).ShouldEndWith("static\n");
            }
        })));
        await gate.Server.Signal("QUIT");
        (await gate.Server.WaitForExit()).ShouldBe(0);
        var lines = gate.Server.AccessLog.Read().Split('\n').Where(line => line.Contains("/static/", StringComparison.Ordinal)).ToList();
        lines.Count.ShouldBe(Clients * Requests);
        lines.ShouldAllBe(line => System.Text.RegularExpressions.Regex.IsMatch(line, @"^127\.0\.0\.1 - - \[[^\]]+\] ""GET /static/\d+/\d+\?x{200} HTTP/1\.1"" 200 7 ""-"" ""-""$"));
    }

    /// <summary>Who comes in a rush stays where it was put for as long as it keeps its connection.</summary>
    [Fact]
    public async Task A_rush_of_clients_is_shared_by_the_loops()
    {
        Assert.SkipWhen(ServerProgram.Countersign.IsNginx, "there the loops are processes");
        await using var gate = await Gate.Open(Gate.Configuration(Gate.Plain).Replace("worker_processes 1;", "worker_processes 2;"));
        var clients = await Task.WhenAll(Enumerable.Range(0, 60).Select(_ => gate.Connect("http")));
        try
        {
            await Task.WhenAll(clients.Select(async client =>
            {
                await client.Send("GET /static/ HTTP/1.1\r\nHost: localhost\r\n\r\n");
                (await client.Read()).Body.ShouldBe("static\n");
            }));
            var loops = Descriptors.Watched(gate).OrderDescending().Take(2).ToList();
            loops[1].ShouldBeGreaterThan(20);
            loops[0].ShouldBeLessThan(45);
        }
        finally
        {
            Array.ForEach(clients, client => client.Dispose());
        }
    }

    [Fact]
    public async Task A_session_made_on_one_loop_is_resumed_on_any()
    {
        var guarded = Gate.Guarded
            .Replace("ssl_verify_depth 2;", "ssl_verify_depth 2; ssl_session_tickets off; ssl_session_cache shared:gate:1m;")
            .Replace("proxy_pass http://%%app%%;", "return 200 \"$ssl_session_reused\\n\";");
        await using var gate = await Gate.Open(Gate.Configuration(guarded).Replace("worker_processes 1;", "worker_processes 2;"));
        var session = gate.Pki("session");
        var client = new SClient { Certificate = gate.Pki("client.pem"), Key = gate.Pki("client.key") };
        const string request = "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        await OpenSsl.Connect(gate.Server.EndPoint("tls"), client with { More = ["-tls1_2", "-sess_out", session] }, request);
        for (var turn = 0; turn < 10; turn++)
        {
            (await OpenSsl.Connect(gate.Server.EndPoint("tls"), client with { More = ["-tls1_2", "-sess_in", session] }, request)).Output.ShouldEndWith("r\n");
        }
    }
}
