namespace Countersign.EndToEnd;

/// <summary>A reload that cannot be: the log says why, whoever is served goes on being served, and the next good one is taken.</summary>
public sealed class FailedReloads
{
    private const string Taken = "127.0.0.1:1";

    private static string Answering(string word, string main = "", string http = "") => Gate.Configuration(
        $$"""
        {{http}}
        server {
            listen %%http%%;
            listen %%tls%% ssl;
            ssl_certificate pki/server.pem;
            ssl_certificate_key pki/server.key;
            location / { return 200 "{{word}}\n"; }
            location /app { proxy_pass http://%%app%%; }
        }
        """,
        "error_log logs/error.log info;" + main);

    /// <summary>What is replaced by what, and what the log says of it. Every one of them has opened something before it fails.</summary>
    public static TheoryData<string, string, string> Faults => new()
    {
        { "return 200", "retrun 200", "unknown directive \"retrun\" in " },
        { "listen %%http%%;", "listen %%http%%", "invalid parameter \"listen\" in " },
        { "location / {", "location / ", "directive \"location\" has no opening \"{\" in " },
        { "pki/server.pem", "pki/none.pem", "cannot load certificate \"" },
        { "pki/server.key", "pki/none.key", "cannot load certificate key \"" },
        { "pki/server.key", "pki/client.key", "key values mismatch" },
        { "listen %%http%%;", "listen %%http%%; listen %%moved%%; listen 192.0.2.1:80;", "bind() to 192.0.2.1:80 failed (99: Cannot assign requested address)" },
        { "listen %%http%%;", $"listen %%http%%; listen %%moved%%; listen {Taken};", $"bind() to {Taken} failed (98: Address already in use)" },
        { "access_log logs/access.log;", "access_log logs/other.log; access_log logs/none/access.log;", "/logs/none/access.log\" failed (2: No such file or directory)" },
        { "pid logs/server.pid;", "pid logs/none/server.pid;", "/logs/none/server.pid\" failed (2: No such file or directory)" },
        { "proxy_temp_path temp/proxy;", "proxy_temp_path temp/none/proxy;", "mkdir() \"" },
        { "include", "include conf/none.conf;", "open() \"" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task The_old_configuration_stays_and_a_good_one_is_taken_afterwards(string replaced, string by, string log)
    {
        using var other = by.Contains(Taken, StringComparison.Ordinal) ? new Holder() : null;
        await using var gate = await Gate.Open(Answering("old"));
        using var kept = await gate.Connect("http");
        (await Ask(kept)).ShouldBe("old\n");
        var answer = new TaskCompletionSource();
        gate.App.Handler = async connection =>
        {
            await connection.ReadRequest();
            await answer.Task;
            await connection.Send(Backend.Hello);
        };
        var underWay = gate.Get("http", "/app");
        await Deadline.Until(() => gate.App.Connections == 1, "the request to reach the backend");
        var broken = replaced == "include" ? Answering("new", by) : Answering("new").Replace(replaced, by);

        var from = gate.Server.ErrorLog.Length;
        await Reload(gate, other?.Put(broken) ?? broken);
        var said = await gate.Server.ErrorLog.WaitFor(other?.Put(log) ?? log, from);
        said.ShouldContain("[emerg]");
        said.ShouldNotContain("[alert]");
        (await Ask(kept)).ShouldBe("old\n");
        (await gate.Get("http")).ShouldEndWith("old\n");
        answer.SetResult();
        (await underWay).ShouldEndWith("hello");

        await Reload(gate, Answering("mended"));
        await Deadline.Eventually(
            async () => (await gate.Get("http")).EndsWith("mended\n", StringComparison.Ordinal), "the mended configuration", gate.Server.Evidence);
        (await kept.ReadToEnd()).ShouldBe("");
        File.ReadAllText(Path.Combine(gate.Server.Prefix, "logs/server.pid")).Trim().ShouldBe($"{gate.Server.Process.Id}");
    }

    [Fact]
    public async Task They_leave_no_descriptor_open()
    {
        await using var gate = await Gate.Open(Answering("old"));
        await Fail("first.log");
        var before = Descriptors.Count(gate);
        for (var turn = 0; turn < 5; turn++)
        {
            await Fail($"{turn}.log");
        }
        await Deadline.Until(() => Descriptors.Count(gate) <= before, "nothing to be left open", () => Descriptors.List(gate));

        async Task Fail(string log)
        {
            var from = gate.Server.ErrorLog.Length;
            await Reload(gate, Answering("new", "worker_rlimit_nofile 4000;", $"access_log logs/{log}; server {{ listen %%moved%%; listen 192.0.2.1:80; }}")
                .Replace("worker_processes 1;", "worker_processes 4;"));
            await gate.Server.ErrorLog.WaitFor("bind() to 192.0.2.1:80 failed", from);
        }
    }

    private static async Task<string> Ask(RawClient client)
    {
        await client.Send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
        return (await client.Read()).Body;
    }

    private static async Task Reload(Gate gate, string configuration)
    {
        gate.Server.Configure(configuration);
        await gate.Server.Signal("HUP");
    }

    /// <summary>Somebody else who listens.</summary>
    private sealed class Holder : IDisposable
    {
        private readonly System.Net.Sockets.TcpListener _listener = new(System.Net.IPAddress.Loopback, 0);

        public Holder() => _listener.Start();

        public string Put(string text) => text.Replace(Taken, _listener.LocalEndpoint.ToString(), StringComparison.Ordinal);

        public void Dispose() => _listener.Dispose();
    }
}
