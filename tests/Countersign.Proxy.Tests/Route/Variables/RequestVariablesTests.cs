namespace Countersign.Proxy.Tests.Route.Variables;

public sealed class RequestVariablesTests
{
    [Theory]
    [InlineData("$arg_a", "/?a=1&a=2", "1")]
    [InlineData("$arg_a", "/?b=0&A=1", "1")]
    [InlineData("$arg_A", "/?a=1", "1")]
    [InlineData("$arg_a", "/?a&a=1", "1")]
    [InlineData("$arg_a", "/?a=", "")]
    [InlineData("$arg_a", "/?xa=1&aa=2", "")]
    [InlineData("$arg_a", "/?a=x=y&b", "x=y")]
    [InlineData("$arg_", "/?=1", "")]
    [InlineData("$arg_a_b", "/?a_b=%20", "%20")]
    public void An_argument_is_the_first_of_its_name(string text, string target, string expected) =>
        Evaluated.By($"[{text}]", $"GET {target} HTTP/1.1").ShouldBe($"[{expected}]");

    [Theory]
    [InlineData("/a?b=c", "/a|?|b=c|/a?b=c")]
    [InlineData("/a?", "/a|||/a?")]
    [InlineData("/a", "/a|||/a")]
    [InlineData("/x/..//%61?%62", "/a|?|%62|/x/..//%61?%62")]
    public void Path_and_arguments_come_apart(string target, string expected) =>
        Evaluated.By("$uri|$is_args|$args|$request_uri", $"GET {target} HTTP/1.1").ShouldBe(expected);

    [Fact]
    public void Two_names_of_one_thing_agree() =>
        Evaluated.By("$document_uri|$query_string", "GET /a?b HTTP/1.1").ShouldBe("/a|b");

    [Theory]
    [InlineData("c=1; d=2", "[1][2]")]
    [InlineData("d=2;c = 1 ;e", "[1 ][2]")]
    [InlineData("C=1\r\nCookie: d=2", "[1][2]")]
    [InlineData("cc=0; c=1", "[1][]")]
    [InlineData("xd=0;d=", "[][]")]
    [InlineData("c; c=1", "[][]")]
    [InlineData("c; x; c=1", "[1][]")]
    [InlineData("c=a=b,d=3", "[a=b,d=3][]")]
    public void A_cookie_is_found_as_nginx_finds_it(string cookies, string expected) =>
        Evaluated.By("[$cookie_c][$cookie_d]", $"GET / HTTP/1.1\r\nCookie: {cookies}").ShouldBe(expected);

    [Theory]
    [InlineData("$http_x_one", "X-One: 1\r\nx-oNe: 2", "1, 2")]
    [InlineData("$http_cookie", "Cookie: a\r\nCookie: b", "a; b")]
    [InlineData("$http_x_forwarded_for", "X-Forwarded-For: a\r\nX-Forwarded-For: b", "a, b")]
    [InlineData("$http_user_agent", "User-Agent: a\r\nUser-Agent: b", "a, b")]
    [InlineData("$http_referer", "Referer: a\r\nReferer: b", "a, b")]
    [InlineData("$content_type", "Content-Type: a\r\nContent-Type: b", "a, b")]
    [InlineData("$http_x_none", "X-One: 1", "")]
    [InlineData("$http_x_one", "X-One:", "")]
    [InlineData("$http_host", "X-One: 1", "routes.test")]
    public void A_header_sent_twice_is_joined(string text, string lines, string expected) =>
        Evaluated.By($"[{text}]", $"GET / HTTP/1.1\r\n{lines}").ShouldBe($"[{expected}]");

    [Theory]
    [InlineData("Basic bWU6eA==", "me")]
    [InlineData("bAsIc   bWU6eA", "me")]
    [InlineData("Basic bWU6eA=garbage", "me")]
    [InlineData("Basic bWU6eB", "me")]
    [InlineData("Basic bWU=", "")]
    [InlineData("Basic Ong=", "")]
    [InlineData("Basic bWU6e", "")]
    [InlineData("Basic bWU 6eA", "")]
    [InlineData("Basic ", "")]
    [InlineData("Bearer bWU6eA==", "")]
    public void A_user_is_named_before_the_colon(string authorization, string expected) =>
        Evaluated.By("[$remote_user]", $"GET / HTTP/1.1\r\nAuthorization: {authorization}").ShouldBe($"[{expected}]");

    [Theory]
    [InlineData("GET http://Other.test:81/ HTTP/1.1", "other.test|81|:")]
    [InlineData("GET / HTTP/1.1", "routes.test||")]
    public void A_host_is_taken_from_the_line_before_the_header(string line, string expected) =>
        Evaluated.By("$host|$request_port|$is_request_port", line).ShouldBe(expected);

    [Fact]
    public void The_line_is_there_in_whole_and_in_parts() =>
        Evaluated.By("$request|$request_method|$server_protocol|$scheme|$https|$server_name", "OPTIONS /a?b HTTP/1.1")
            .ShouldBe("OPTIONS /a?b HTTP/1.1|OPTIONS|HTTP/1.1|http||routes.test");

    [Theory]
    [InlineData("Content-Length: 3", "abc", "3")]
    [InlineData("Transfer-Encoding: chunked", "1\r\na\r\n0\r\n\r\n", "0")]
    public void A_length_is_what_the_client_said_or_none_once_chunks_are_read_away(string header, string body, string expected) =>
        Evaluated.By("[$content_length]", $"POST / HTTP/1.1\r\n{header}", body: body).ShouldBe($"[{expected}]");

    [Fact]
    public void An_id_is_made_once_for_a_request()
    {
        var ids = Evaluated.By("$request_id $request_id").Split(' ');
        ids[0].ShouldMatch("^[0-9a-f]{32}$");
        ids[1].ShouldBe(ids[0]);
        Evaluated.By("$request_id").ShouldNotBe(ids[0]);
    }

    [Fact]
    public void Files_are_looked_for_under_the_root() =>
        Evaluated.By("$document_root|$request_filename", "GET /a/b HTTP/1.1", "root /r;").ShouldBe("/r|/r/a/b");
}
