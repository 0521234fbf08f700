namespace Countersign.Proxy.Tests.Request;

public sealed class HeadReaderTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(10_000)]
    public void A_head_is_read_the_same_in_whatever_pieces_it_comes(int piece)
    {
        using var client = new OneClient();
        var (status, exchange) = client.ReadHead(
            "GET /a%20b/../c?x=1 HTTP/1.1\r\nHost: One:8080\r\nX-Long: " + new string('v', 3000) + "\r\nX-Long: two\r\nContent-Length: 5\r\n\r\n", piece);
        status.ShouldBe(0, string.Join('\n', client.Log));
        exchange.Uri.ToString().ShouldBe("/c");
        exchange.Arguments.ToString().ShouldBe("x=1");
        exchange.UnparsedUri.ToString().ShouldBe("/a%20b/../c?x=1");
        exchange.Host.ToString().ShouldBe("one");
        exchange.HostHeader.ToString().ShouldBe("One:8080");
        exchange.ContentLength.ShouldBe(5);
        exchange.Headers.Count.ShouldBe(4);
        exchange.Headers[1].Value.Length.ShouldBe(3000);
        exchange.Headers[2].Value.ToString().ShouldBe("two");
    }

    [Theory]
    [InlineData("Host: a\r\nHost: b\r\n", "client sent duplicate host header: \"Host: b\", previous value: \"Host: a\"")]
    [InlineData("Host: a/b\r\n", "client sent invalid host header")]
    [InlineData("Host: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n",
        "client sent duplicate header line: \"Content-Length: 1\", previous value: \"Content-Length: 1\"")]
    [InlineData("Host: a\r\nContent-Length: +1\r\n", "client sent invalid \"Content-Length\" header")]
    [InlineData("Host: a\r\nContent-Length: 99999999999999999999\r\n", "client sent invalid \"Content-Length\" header")]
    [InlineData("Host: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n",
        "client sent \"Content-Length\" and \"Transfer-Encoding\" headers at the same time")]
    [InlineData("X: y\r\n", "client sent HTTP/1.1 request without \"Host\" header")]
    [InlineData("Host: a\r\nName : v\r\n", "client sent invalid header line: \"Name\\x20...\"")]
    [InlineData("Host: a\r\n folded\r\n", "client sent invalid header line: \"\\x20...\"")]
    [InlineData("Host: a\r\nX: a\rb\r\n", "client sent invalid header line")]
    public void A_head_two_readers_could_understand_differently_is_refused(string lines, string expected)
    {
        using var client = new OneClient();
        client.ReadHead($"GET / HTTP/1.1\r\n{lines}\r\n").Status.ShouldBe(400);
        client.Log.ShouldContain(line => line.Contains(expected, StringComparison.Ordinal));
    }

    [Fact]
    public void An_unknown_transfer_encoding_is_not_implemented()
    {
        using var client = new OneClient();
        client.ReadHead("GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n").Status.ShouldBe(501);
    }

    [Theory]
    [InlineData(8192, 0)]
    [InlineData(8193, 414)]
    public void A_request_line_may_be_as_long_as_one_large_buffer(int length, int expected)
    {
        using var client = new OneClient();
        var line = "GET /" + new string('a', length - "GET / HTTP/1.1\r\n".Length) + " HTTP/1.1";
        client.ReadHead(line + "\r\nHost: a\r\n\r\n").Status.ShouldBe(expected);
    }

    [Fact]
    public void Header_lines_may_fill_as_many_large_buffers_as_are_allowed()
    {
        using var client = new OneClient();
        var line = "X: " + new string('v', 7000) + "\r\n";
        client.ReadHead($"GET / HTTP/1.1\r\nHost: a\r\n{line}{line}{line}\r\n").Status.ShouldBe(0);
        using var other = new OneClient();
        other.ReadHead($"GET / HTTP/1.1\r\nHost: a\r\n{line}{line}{line}{line}{line}\r\n").Status.ShouldBe(494);
    }

    [Fact]
    public void A_client_that_stops_half_way_is_dropped_in_time_and_logged()
    {
        using var client = new OneClient("client_header_timeout 20ms;");
        var (status, exchange) = client.ReadHead("GET / HTTP/1.1\r\nHost");
        status.ShouldBe(-1);
        exchange.IsAborted.ShouldBeTrue();
        exchange.Response.Status.ShouldBe(408);
        client.Log.ShouldContain(line => line.Contains("client timed out (110: Connection timed out) while reading client request headers", StringComparison.Ordinal));
    }
}
