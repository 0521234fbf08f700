namespace Countersign.EndToEnd;

/// <summary>Whatever a backend does to its own requests, the others are served: many of them at once, and after each kind the same loop.</summary>
public sealed class BadBackends
{
    private sealed record Misdeed(Func<BackendConnection, Task> Act, string Answer, string Log);

    private const string Refused = "HTTP/1.1 502";

    private static readonly Dictionary<string, Misdeed> Misdeeds = new()
    {
        ["resets before its head"] = new(
            Then(connection => connection.Reset()), Refused, "recv() failed (104: Connection reset by peer) while reading response header from upstream"),
        ["resets within its head"] = new(Says("HTTP/1.1 200 OK\r\nX-Half: ", connection => connection.Reset()), Refused, "while reading response header from upstream"),
        ["closes before its head"] = new(
            Then(_ => { }), Refused, "upstream prematurely closed connection while reading response header from upstream"),
        ["stalls before its head"] = new(
            Says("", Stalls), "HTTP/1.1 504", "upstream timed out (110: Connection timed out) while reading response header from upstream"),
        ["stalls within its head"] = new(
            Says("HTTP/1.1 200 OK\r\nX-Half: ", Stalls), "HTTP/1.1 504", "upstream timed out (110: Connection timed out) while reading response header from upstream"),
        ["stalls within its body"] = new(
            Says("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", Stalls), "HTTP/1.1 200", "upstream timed out (110: Connection timed out) while reading upstream"),
        ["resets within its body"] = new(
            Says("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", connection => connection.Reset()), "HTTP/1.1 200", "while reading upstream"),
        ["says less than its length"] = new(
            Says("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"), "\r\n\r\nhalf", "upstream prematurely closed connection while reading upstream"),
        ["says more than its length"] = new(
            Says("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok and more", Stalls), "\r\n\r\nok", "upstream sent more data than specified in \"Content-Length\" header"),
        ["ends within a chunk"] = new(
            Says("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nhalf"), "4\r\nhalf\r\n", "upstream prematurely closed connection while reading upstream"),
        ["says a chunk that is none"] = new(
            Says("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\nzz\r\n", Stalls), "", "upstream sent invalid chunked response while reading upstream"),
        ["says a chunk of more than there are numbers"] = new(
            Says("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\nok", Stalls), "", "upstream sent invalid chunked response"),
        ["says more after its last chunk"] = new(
            Says("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\nmore", Stalls), "2\r\nok\r\n0\r\n\r\n", "upstream sent data after final chunk"),
        ["says a head without end"] = new(
            Says("HTTP/1.1 200 OK\r\nX: " + new string('x', 100_000), Stalls), Refused, "upstream sent too big header while reading response header from upstream"),
        ["says a length that is none"] = new(
            Says("HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n", Stalls), Refused, "upstream sent invalid \"Content-Length\" header: \"Content-Length: many\""),
        ["says two lengths"] = new(
            Says("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok", Stalls), Refused, "upstream sent duplicate header line: \"Content-Length: 3\""),
        ["says a header that is none"] = new(
            Says("HTTP/1.1 200 OK\r\nno colon in here\r\n\r\n", Stalls), Refused, "upstream sent invalid header: \"no"),
        ["says no HTTP"] = new(Says("220 mail.example ESMTP\r\n"), "220 mail.example ESMTP\r\n", "upstream sent no valid HTTP/1.0 header"),
    };

    public static TheoryData<string> Names => [.. Misdeeds.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_backend_that(string misbehaves)
    {
        var misdeed = Misdeeds[misbehaves];
        // Short only where it is what is waited for: a busy machine may take that long for anything.
        var (timeout, times) = misbehaves.StartsWith("stalls", StringComparison.Ordinal) ? ("500ms", 4) : ("60s", 20);
        await using var gate = await Gate.Open(Gate.Configuration($"proxy_read_timeout {timeout};" + Gate.Plain + """
            server { listen %%patient%%; proxy_read_timeout 60s; location / { proxy_pass http://%%app%%; } }
            """));
        var bad = misdeed.Act;
        gate.App.Handler = async connection =>
        {
            if (connection.Number % 2 == 0)
            {
                await connection.ReadRequest();
                await connection.Send(Backend.Hello);
            }
            else
            {
                await bad(connection);
            }
        };
        for (var turn = 0; turn < times; turn++)
        {
            (await gate.Get("http", $"/{turn}")).ShouldContain(misdeed.Answer);
            (await gate.Get("patient")).ShouldEndWith("hello");
        }
        gate.Server.ErrorLog.Read().Split(misdeed.Log).Length.ShouldBe(times + 1, misdeed.Log);
        gate.Server.ErrorLog.Read().ShouldNotContain("[alert]");
    }

    [Fact]
    public async Task A_backend_that_does_not_read_is_a_timeout_and_holds_nobody_else_up()
    {
        await using var gate = await Gate.Open(Gate.Configuration(Gate.Plain + """
            server { listen %%upload%%; proxy_send_timeout 100ms; proxy_request_buffering off; client_max_body_size 0; location / { proxy_pass http://%%app%%; } }
            """));
        var end = new TaskCompletionSource();
        gate.App.Handler = async connection =>
        {
            await connection.ReadHead();
            await end.Task;
        };
        using var client = await gate.Connect("upload");
        await client.Send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000000\r\n\r\n");
        var sending = client.SendZeros(100_000_000, Deadline.Token());
        (await gate.Get("http", "/static")).ShouldEndWith("static\n");
        (await client.ReadHead()).ShouldStartWith("HTTP/1.1 504");
        await gate.Server.ErrorLog.WaitFor("upstream timed out (110: Connection timed out) while sending request to upstream");
        client.Reset();
        await sending.ContinueWith(static _ => { }, TaskScheduler.Default);
        end.SetResult();
        gate.App.Answer(Backend.Hello);
        (await gate.Get("http")).ShouldEndWith("hello");
    }

    private static Task Stalls(BackendConnection connection) => connection.Stall();

    private static Func<BackendConnection, Task> Then(Action<BackendConnection> act) => async connection =>
    {
        await connection.ReadRequest();
        act(connection);
    };

    private static Func<BackendConnection, Task> Says(string answer) => Says(answer, static _ => Task.CompletedTask);

    private static Func<BackendConnection, Task> Says(string answer, Action<BackendConnection> then) => Says(answer, connection =>
    {
        then(connection);
        return Task.CompletedTask;
    });

    private static Func<BackendConnection, Task> Says(string answer, Func<BackendConnection, Task> then) => async connection =>
    {
        await connection.ReadRequest();
        await connection.Send(answer);
        await then(connection);
    };
}
