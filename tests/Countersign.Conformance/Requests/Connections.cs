namespace Countersign.Conformance;

/// <summary>More than one request on a connection, and bodies that come in their own time.</summary>
public sealed class Connections(Ground<Connections.Servers> ground) : IClassFixture<Ground<Connections.Servers>>
{
    public sealed class Servers : Subject
    {
        public override IReadOnlyList<string> Backends => ["app"];

        public override string Http => """
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            server {
                listen %%http%%;
                keepalive_requests 3;
                location / { return 200 "$uri $connection_requests\n"; }
                location /app { proxy_pass http://%%backend:app%%; }
                location /streamed { proxy_request_buffering off; proxy_pass http://%%backend:app%%; }
                location /little { client_max_body_size 1k; proxy_pass http://%%backend:app%%; }
                location /none { return 204; }
                location /teapot { return 418 "short and stout\n"; }
                location /closing { return 444; }
            }
            server { listen %%single%%; keepalive_timeout 0; location / { return 200 single; } }
            server { listen %%announced%%; keepalive_timeout 60 20; location / { return 200 announced; } }
            server { listen %%hurried%%; client_header_timeout 1s; client_body_timeout 1s; location / { proxy_pass http://%%backend:app%%; } }
            """;
    }

    private const string Kept = "HTTP/1.1\r\nHost: localhost\r\n\r\n";
    private const string Closed = "HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

    [Fact]
    public Task A_connection_is_kept_between_requests() => ground.Compare(async script =>
    {
        using var client = await script.Connect("http");
        await client.Send($"GET /a {Kept}");
        script.Saw((await client.Read()).Text);
        await client.Send($"GET /b {Closed}");
        script.Saw(await client.ReadToEnd());
    });

    [Fact]
    public Task Pipelined_requests_are_answered_in_order() => ground.Compare(script =>
        script.Exchange("http", $"GET /a {Kept}GET /app {Kept}GET /c {Kept}"));

    [Fact]
    public Task A_pipelined_request_after_a_body_is_answered() => ground.Compare(script =>
        script.Exchange("http", $"POST /app HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nabcGET /c {Closed}"));

    [Fact]
    public Task A_pipelined_request_that_is_none_is_said_to_be_pipelined() => ground.Compare(script =>
        script.Exchange("http", $"GET /a {Kept}bad\r\n\r\n"));

    [Fact]
    public Task A_chunk_is_refused_by_the_size_that_it_announces() => ground.Compare(async script =>
    {
        using var client = await script.Connect("http");
        await client.Send("POST /little HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n10\r\n0123456789abcdef\r\n400\r\nx");
        script.Saw((await client.Read()).Text);
    });

    [Fact]
    public Task An_unread_body_does_not_become_a_request() => ground.Compare(script =>
        script.Exchange("http", $"POST /teapot HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nabcGET /c {Closed}"));

    [Fact]
    public Task An_unread_chunked_body_does_not_become_a_request() => ground.Compare(script =>
        script.Exchange("http", $"POST /teapot HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\nGET /c {Closed}"));

    [Fact]
    public Task Http_1_0_closes_unless_asked() => ground.Compare(async script =>
    {
        await script.Exchange("http", "GET /a HTTP/1.0\r\n\r\n");
        await script.Exchange("http", "GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET /b HTTP/1.0\r\n\r\n");
    });

    [Fact]
    public Task Head_has_the_headers_of_get() => ground.Compare(script =>
        script.Exchange("http", $"HEAD /a {Kept}HEAD /app {Kept}GET /c {Closed}"));

    [Fact]
    public Task No_content_has_no_body() => ground.Compare(script => script.Exchange("http", $"GET /none {Kept}GET /c {Closed}"));

    [Fact]
    public Task A_444_closes_without_a_word() => ground.Compare(script => script.Exchange("http", $"GET /closing {Kept}"));

    [Fact]
    public Task A_timeout_of_zero_closes() => ground.Compare(script => script.Exchange("single", $"GET / {Kept}"));

    [Fact]
    public Task The_timeout_is_announced() => ground.Compare(async script =>
    {
        using var client = await script.Connect("announced");
        await client.Send($"GET / {Kept}");
        script.Saw((await client.Read()).Text);
    });

    [Theory]
    [InlineData("/app")]
    [InlineData("/streamed")]
    public Task An_expectation_is_met_before_the_body(string target) => ground.Compare(
        async script =>
        {
            using var client = await script.Connect("http");
            await client.Send($"POST {target} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n");
            script.Saw((await client.Read()).Text);
            await client.Send("abc");
            script.Saw(await client.ReadToEnd());
        },
        $"{nameof(An_expectation_is_met_before_the_body)}: {target}");

    [Fact]
    public Task A_chunked_body_arrives_with_a_length() => ground.Compare(script => script.Exchange(
        "http", "POST /app HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n"));

    [Fact]
    public Task An_unbuffered_chunked_body_arrives_chunked() => ground.Compare(script => script.Exchange(
        "http", "POST /streamed HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n3\r\nabc\r\n0\r\n\r\n"));

    [Fact]
    public Task A_body_in_pieces_arrives_whole() => ground.Compare(async script =>
    {
        using var client = await script.Connect("http");
        await client.Send("POST /app HTTP/1.1\r\nHost: localhost\r\nContent-Length: 6\r\nConnection: close\r\n\r\n");
        foreach (var piece in (string[])["a", "bc", "def"])
        {
            await client.Send(piece);
        }

        script.Saw(await client.ReadToEnd());
    });

    [Fact]
    public Task A_head_in_pieces_is_read_whole() => ground.Compare(async script =>
    {
        using var client = await script.Connect("http");
        foreach (var piece in $"GET /a HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".Chunk(7))
        {
            await client.Send(new string(piece));
        }

        script.Saw(await client.ReadToEnd());
    });

    [Fact]
    public Task A_client_that_leaves_within_its_body_is_noted() => ground.Compare(async script =>
    {
        using var client = await script.Connect("http");
        await client.Send("POST /app HTTP/1.1\r\nHost: localhost\r\nContent-Length: 6\r\n\r\nabc");
        client.FinishSending();
        script.Saw(await client.ReadToEnd());
    });

    [Fact]
    public Task A_client_that_leaves_within_its_head_is_noted() => ground.Compare(async script =>
    {
        using var client = await script.Connect("http");
        await client.Send("GET /a HTTP/1.1\r\nHost: lo");
        client.FinishSending();
        script.Saw(await client.ReadToEnd());
    });

    [Fact]
    public Task A_head_that_never_ends_times_out() => ground.Compare(script => script.Exchange("hurried", "GET / HTTP/1.1\r\nHost:"));

    [Fact]
    public Task A_body_that_never_ends_times_out() => ground.Compare(script =>
        script.Exchange("hurried", "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nabc"));
}
