namespace Countersign.Proxy.Tests.Upstream;

public sealed class RequestComposerTests
{
    private const string Close = "Connection: close\r\n\r\n";

    [Fact]
    public void The_clients_lines_go_on_as_they_came_without_those_of_one_connection()
    {
        using var passing = new OnePassing();
        passing.Request("GET /a%20b?c HTTP/1.1\r\nHost: gate\r\nx-A: 1\r\nTE: trailers\r\nKeep-Alive: 5\r\nX-a: 2\r\nUpgrade: h2c\r\nProxy-Connection: x\r\n" + Close)
            .ShouldBe("GET /a%20b?c HTTP/1.1\r\nHost: app\r\nx-A: 1\r\nX-a: 2\r\n\r\n");
    }

    [Fact]
    public void Proxy_set_header_replaces_adds_and_drops()
    {
        using var passing = new OnePassing("proxy_set_header X-Own $request_method; proxy_set_header Host other; proxy_set_header X-A \"\"; proxy_set_header connection up;");
        passing.Request("GET / HTTP/1.1\r\nHost: gate\r\nX-A: 1\r\nX-B: 2\r\n" + Close)
            .ShouldBe("GET / HTTP/1.1\r\nHost: other\r\nX-Own: GET\r\nconnection: up\r\nX-B: 2\r\n\r\n");
    }

    [Theory]
    [InlineData("/a%0d%0aX-Verify:%20yes", "/a  X-Verify: yes")]
    [InlineData("/a%0aX-Verify:%20yes", "/a X-Verify: yes")]
    [InlineData("/a%0dX-Verify:%20yes%0a", "/a X-Verify: yes ")]
    [InlineData("/a%0d%0a%0d%0aGET", "/a    GET")]
    [InlineData("/a%0a%09folded%0d%0a%20twice", "/a\n\tfolded\r\n twice")]
    public void What_a_client_puts_into_its_path_makes_no_header(string path, string value)
    {
        using var passing = new OnePassing("proxy_set_header X-Path $uri; proxy_set_header Host $uri;");
        passing.Request($"GET {path} HTTP/1.1\r\nHost: gate\r\n" + Close)
            .ShouldBe($"GET {path} HTTP/1.1\r\nHost: {value}\r\nX-Path: {value}\r\n\r\n");
    }

    [Fact]
    public void Nor_does_it_where_the_path_is_a_variable()
    {
        using var passing = new OnePassing(pass: "http://app$uri");
        passing.Request("GET /a%0d%0aX-Verify:yes%0a HTTP/1.1\r\nHost: gate\r\n" + Close)
            .ShouldBe("GET /a%0D%0AX-Verify:yes%0A HTTP/1.1\r\nHost: app\r\n\r\n");
    }

    [Theory]
    [InlineData("1.1", "GET / HTTP/1.1\r\nHost: app\r\n\r\n")]
    [InlineData("1.0", "GET / HTTP/1.0\r\n\r\n")]
    public void An_empty_host_is_left_out_only_where_there_may_be_none(string version, string request)
    {
        using var passing = new OnePassing($"proxy_http_version {version}; proxy_set_header Host \"\";");
        passing.Request("GET / HTTP/1.1\r\nHost: gate\r\n" + Close).ShouldBe(request);
    }

    [Theory]
    [InlineData("proxy_method PUT;", "PUT / HTTP/1.1\r\nHost: app\r\nContent-Length: 2\r\n\r\nhi")]
    [InlineData("proxy_set_body <$request_body>;", "POST / HTTP/1.1\r\nHost: app\r\nContent-Length: 4\r\n\r\n<hi>")]
    [InlineData("proxy_pass_request_body off; proxy_set_header Content-Length \"\";", "POST / HTTP/1.1\r\nHost: app\r\n\r\n")]
    public void Method_and_body_are_replaced_when_told(string location, string expected)
    {
        using var passing = new OnePassing(location);
        var got = "";
        passing.Play(async () =>
        {
            await OnePassing.Send(passing.Client, "POST / HTTP/1.1\r\nHost: gate\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi");
            got = await passing.Read(passing.Backend, expected[^4..]);
            await OnePassing.Send(passing.Backend, "HTTP/1.1 204 No Content\r\n\r\n");
            await passing.Read(passing.Client, "\r\n\r\n");
        });
        got.ShouldBe(expected);
    }

    [Fact]
    public void A_chunked_body_that_has_been_read_goes_on_with_its_length()
    {
        using var passing = new OnePassing();
        var got = "";
        passing.Play(async () =>
        {
            await OnePassing.Send(passing.Client, "POST / HTTP/1.1\r\nHost: gate\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n1\r\n!\r\n0\r\n\r\n");
            got = await passing.Read(passing.Backend, "hi!");
            await OnePassing.Send(passing.Backend, "HTTP/1.1 204 No Content\r\n\r\n");
            await passing.Read(passing.Client, "\r\n\r\n");
        });
        got.ShouldBe("POST / HTTP/1.1\r\nHost: app\r\nContent-Length: 3\r\n\r\nhi!");
    }

    [Theory]
    [InlineData("http://app/base/", "/x%2fy?z", "/base/x/y?z")]
    [InlineData("http://app/base/", "/x%20%3f", "/base/x%20%3F")]
    [InlineData("http://app$uri/own", "/x?z", "/x/own")]
    [InlineData("http://app", "/x%2fy?z", "/x%2fy?z")]
    public void The_uri_is_made_as_proxy_pass_says(string pass, string uri, string expected)
    {
        using var passing = new OnePassing(pass: pass);
        passing.Request($"GET {uri} HTTP/1.1\r\nHost: gate\r\n{Close}").ShouldStartWith($"GET {expected} HTTP/1.1\r\n");
    }

    [Fact]
    public void A_streamed_body_goes_on_chunk_by_chunk_as_it_comes()
    {
        using var passing = new OnePassing("proxy_request_buffering off;");
        passing.Play(async () =>
        {
            await OnePassing.Send(passing.Client, "POST / HTTP/1.1\r\nHost: gate\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n");
            (await passing.Read(passing.Backend, "hi\r\n")).ShouldEndWith("Transfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n");
            await OnePassing.Send(passing.Client, "1\r\na\r\n1\r\nb\r\n");
            (await passing.Read(passing.Backend, "ab\r\n")).ShouldBe("2\r\nab\r\n");
            await OnePassing.Send(passing.Client, "0\r\n\r\n");
            (await passing.Read(passing.Backend, "\r\n\r\n")).ShouldBe("0\r\n\r\n");
            await OnePassing.Send(passing.Backend, "HTTP/1.1 204 No Content\r\n\r\n");
            (await passing.Read(passing.Client, "\r\n\r\n")).ShouldStartWith("HTTP/1.1 204 ");
        });
    }
}
