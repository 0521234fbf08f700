namespace Countersign.Conformance;

/// <summary>Where a body is kept on its way, and what its variables then are.</summary>
public sealed class RequestBodies(Ground<RequestBodies.Servers> ground) : IClassFixture<Ground<RequestBodies.Servers>>
{
    public sealed class Servers : Subject
    {
        public override IReadOnlyList<string> Backends => ["app"];

        public override string Http => """
            map $request_body_file $kept { "" "not in a file"; default "in a file"; }
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            client_body_buffer_size 64;
            add_header X-Kept $kept always;
            add_header X-Body $request_body always;
            server {
                listen %%http%%;
                server_name localhost;
                location /buffered { proxy_pass http://%%backend:app%%; }
                location /cleaned { client_body_in_file_only clean; proxy_pass http://%%backend:app%%; }
                location /stays { client_body_in_file_only on; proxy_pass http://%%backend:app%%; }
                location /streamed { client_body_in_file_only clean; proxy_request_buffering off; proxy_pass http://%%backend:app%%; }
            }
            """;
    }

    /// <summary>The last lines of the head, and the body.</summary>
    private static readonly (string Framing, string Body)[] Bodies =
    [
        ("", ""),
        ("Content-Length: 0\r\n", ""),
        ("Content-Length: 5\r\n", "hello"),
        ("Content-Length: 64\r\n", new string('a', 64)),
        ("Content-Length: 80\r\n", new string('b', 80)),
        ("Content-Length: 81\r\n", new string('c', 81)),
        ("Transfer-Encoding: chunked\r\n", "0\r\n\r\n"),
        ("Transfer-Encoding: chunked\r\n", "5\r\nhello\r\n0\r\n\r\n"),
        ("Transfer-Encoding: chunked\r\n", $"50\r\n{new string('d', 80)}\r\n0\r\n\r\n"),
    ];

    /// <summary>Where it goes, its framing, and its bytes.</summary>
    public static TheoryData<string, string, string> Cases() => In("buffered", "cleaned", "stays", "streamed");

    /// <summary>Not streamed, where the chunks are as the client's bytes happened to come.</summary>
    public static TheoryData<string, string, string> InvitedCases() => In("buffered", "cleaned", "stays");

    private static TheoryData<string, string, string> In(params string[] locations)
    {
        var cases = new TheoryData<string, string, string>();
        foreach (var location in locations)
        {
            foreach (var (framing, body) in Bodies)
            {
                cases.Add(location, framing, body);
            }
        }
        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public Task A_body_is_kept_in_the_same_place(string location, string framing, string body) => ground.Compare(script => script.Exchange(
        "http", $"POST /{location} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{framing}\r\n{body}"), Name(nameof(A_body_is_kept_in_the_same_place), location, framing, body));

    [Theory]
    [MemberData(nameof(InvitedCases))]
    public Task A_body_that_was_invited_is_kept_in_the_same_place(string location, string framing, string body) => ground.Compare(async script =>
    {
        using var client = await script.Connect("http");
        await client.Send($"POST /{location} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nExpect: 100-continue\r\n{framing}\r\n");
        // Without a body nginx invites none and the answer comes at once.
        if (body.Length > 0)
        {
            script.Saw(await client.ReadExactly("HTTP/1.1 100 Continue\r\n\r\n".Length));
            await client.Send(body);
        }
        script.Saw(await client.ReadToEnd());
    }, Name(nameof(A_body_that_was_invited_is_kept_in_the_same_place), location, framing, body));

    [Fact]
    public Task A_chunk_may_have_an_extension_of_any_length() => ground.Compare(script => script.Exchange(
        "http", $"POST /buffered HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n5;{new string('x', 33_000)}\r\nhello\r\n0\r\n\r\n"));

    private static string Name(string claim, string location, string framing, string body) =>
        location is "cleaned" or "stays" && framing.Length > 0 && body is "" or "0\r\n\r\n" ? $"{claim}: nothing in a file" : claim;
}
