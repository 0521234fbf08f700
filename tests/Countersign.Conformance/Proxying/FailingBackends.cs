namespace Countersign.Conformance;

/// <summary>Backends that refuse, break off, stall, and the turn to the next one.</summary>
public sealed class FailingBackends(Ground<FailingBackends.Servers> ground) : IClassFixture<Ground<FailingBackends.Servers>>
{
    public sealed class Servers : Subject
    {
        public override IReadOnlyList<string> Backends => ["app", "second", "unix-app"];

        public override string Http => """
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            add_header X-Upstream "$upstream_addr|$upstream_status" always;
            upstream dead_then_live { server %%dead%% max_fails=0; server %%backend:app%%; }
            upstream live_then_second { server %%backend:app%% max_fails=0; server %%backend:second%% max_fails=0; }
            upstream two_dead { server %%dead%% max_fails=0; server %%dead2%% max_fails=0; }
            upstream failing { server %%dead%% max_fails=1 fail_timeout=60; }
            upstream failing2 { server %%dead%% max_fails=1 fail_timeout=60; server %%dead2%% max_fails=1 fail_timeout=60; }
            upstream with_backup { server %%dead%% max_fails=0; server %%backend:second%% backup; }
            upstream with_down { server %%dead%% down; server %%backend:app%%; }
            upstream weighted { server %%backend:app%% weight=3; server %%backend:second%%; }
            upstream kept { server %%backend:app%%; keepalive 4; }
            upstream over_unix { server %%backend:unix-app%%; }
            server {
                listen %%http%%;
                proxy_read_timeout 1s;
                location /refused { proxy_pass http://%%dead%%; }
                location /first-dead { proxy_pass http://dead_then_live; }
                location /both { proxy_pass http://live_then_second; }
                location /none { proxy_next_upstream off; proxy_pass http://live_then_second; }
                location /http { proxy_next_upstream error http_503 http_404; proxy_pass http://live_then_second; }
                location /posts { proxy_next_upstream error non_idempotent; proxy_pass http://live_then_second; }
                location /once { proxy_next_upstream_tries 1; proxy_pass http://live_then_second; }
                location /two-dead { proxy_pass http://two_dead; }
                location /failing { proxy_pass http://failing; }
                location /failing2 { proxy_pass http://failing2; }
                location /backup { proxy_pass http://with_backup; }
                location /down { proxy_pass http://with_down; }
                location /weighted { proxy_pass http://weighted; }
                location /kept { proxy_pass http://kept; }
                location /unix { proxy_pass http://over_unix; }
                location /unix-direct/ { proxy_pass http://%%backend:unix-app%%:/base/; }
                location /unix-missing { proxy_pass http://unix:/nonexistent/socket; }
                location /unresolved { set $name nowhere.invalid; proxy_pass http://$name/; }
                location /paged { error_page 502 504 /sorry; proxy_pass http://%%dead%%; }
                location = /sorry { internal; return 200 "sorry $upstream_status\n"; }
            }
            """;
    }

    private static Func<BackendConnection, Task> Then(Func<BackendConnection, Task> act) => async connection =>
    {
        await connection.ReadRequest();
        await act(connection);
    };

    private static readonly Func<BackendConnection, Task> Closes = Then(_ => Task.CompletedTask);
    private static readonly Func<BackendConnection, Task> Stalls = Then(connection => connection.Stall());
    private static readonly Func<BackendConnection, Task> Resets = Then(connection =>
    {
        connection.Reset();
        return Task.CompletedTask;
    });

    private static Func<BackendConnection, Task> Says(string answer) => Then(connection => connection.Send(answer));

    private Task With(Func<BackendConnection, Task>? handler, string target, string name, string method = "GET") => ground.Compare(
        script =>
        {
            if (handler is not null)
            {
                script.Backend().Handler = handler;
            }

            return script.Exchange("http", $"{method} {target} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        },
        name);

    [Theory]
    [InlineData("/refused")]
    [InlineData("/first-dead")]
    [InlineData("/two-dead")]
    [InlineData("/backup")]
    [InlineData("/down")]
    [InlineData("/unix")]
    [InlineData("/unix-direct/a?b")]
    [InlineData("/unix-missing")]
    [InlineData("/unresolved")]
    [InlineData("/paged")]
    public Task Reaching_a_backend_ends_the_same(string target) =>
        With(null, target, $"{nameof(Reaching_a_backend_ends_the_same)}: {target}");

    [Theory]
    [InlineData("/both")]
    [InlineData("/none")]
    [InlineData("/once")]
    public Task A_close_without_an_answer_is_an_error(string target) =>
        With(Closes, target, $"{nameof(A_close_without_an_answer_is_an_error)}: {target}");

    [Fact]
    public Task A_reset_without_an_answer_is_an_error() => With(Resets, "/none", nameof(A_reset_without_an_answer_is_an_error));

    [Theory]
    [InlineData("/both")]
    [InlineData("/none")]
    public Task A_stall_is_a_timeout(string target) => With(Stalls, target, $"{nameof(A_stall_is_a_timeout)}: {target}");

    [Fact]
    public Task A_stall_within_the_body_ends_the_answer() => With(
        Then(async connection =>
        {
            await connection.Send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
            await connection.Stall();
        }),
        "/none",
        nameof(A_stall_within_the_body_ends_the_answer));

    [Theory]
    [InlineData("/http")]
    [InlineData("/both")]
    public Task A_503_goes_on_only_when_told(string target) => With(
        Says("HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nbusy"), target, $"{nameof(A_503_goes_on_only_when_told)}: {target}");

    [Theory]
    [InlineData("/both")]
    [InlineData("/posts")]
    public Task A_post_goes_on_only_when_told(string target) =>
        With(Closes, target, $"{nameof(A_post_goes_on_only_when_told)}: {target}", "POST");

    [Fact]
    public Task A_refused_post_goes_on() => With(null, "/first-dead", nameof(A_refused_post_goes_on), "POST");

    [Theory]
    [InlineData("/failing")]
    [InlineData("/failing2")]
    public Task A_failed_backend_is_left_alone(string target) => ground.Compare(
        async script =>
        {
            await script.Get("http", target + "?1");
            await script.Get("http", target + "?2");
            await script.Get("http", target + "?3");
        },
        $"{nameof(A_failed_backend_is_left_alone)}: {target}");

    [Fact]
    public Task Weights_give_the_same_order() => ground.Compare(async script =>
    {
        for (var turn = 0; turn < 8; turn++)
        {
            await script.Get("http", $"/weighted?{turn}");
        }
    });

    [Fact]
    public Task A_kept_connection_is_used_again() => ground.Compare(async script =>
    {
        var before = script.Backend().Connections;
        for (var turn = 0; turn < 3; turn++)
        {
            await script.Get("http", $"/kept?{turn}");
        }

        script.Saw($"connections: {script.Backend().Connections - before}");
    });

    [Fact]
    public Task A_kept_connection_that_died_is_replaced() => ground.Compare(async script =>
    {
        script.Backend().Handler = Says("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        await script.Get("http", "/kept?1");
        await script.Get("http", "/kept?2");
    });
}
