using System.Text;
using Countersign.Proxy.Request;
using CsCheck;

namespace Countersign.Proxy.Tests.Request;

public sealed class RequestLineTests
{
    [Theory]
    [InlineData("GET /a?b=c HTTP/1.1\r\n", "GET", "/a?b=c", 1001)]
    [InlineData("\r\nPOST  /a  HTTP/1.0\n", "POST", "/a", 1000)]
    [InlineData("GET http://host:80/x HTTP/1.1\r\n", "GET", "/x", 1001)]
    [InlineData("GET http://host HTTP/1.1\r\n", "GET", "/", 1001)]
    [InlineData("GET http://[::1]:8080/x HTTP/1.1 \r\n", "GET", "/x", 1001)]
    [InlineData("GET /old\n", "GET", "/old", 9)]
    [InlineData("CONNECT host:443 HTTP/1.1\r\n", "CONNECT", "/", 1001)]
    [InlineData("CONNECT  [::1]:443  HTTP/1.1 \r\n", "CONNECT", "/", 1001)]
    public void A_good_line_is_taken_apart(string line, string method, string uri, int version)
    {
        var head = Encoding.Latin1.GetBytes(line);
        var parser = Parsed(head, out var result);

        result.ShouldBe(LineResult.Done);
        Encoding.Latin1.GetString(head, parser.Start, parser.MethodEnd - parser.Start).ShouldBe(method);
        Encoding.Latin1.GetString(head, parser.UriStart, parser.UriEnd - parser.UriStart).ShouldBe(uri);
        parser.Version.ShouldBe(version);
        parser.Next.ShouldBe(head.Length);
    }

    [Theory]
    [InlineData("SSH-2.0-x\r\n", LineResult.InvalidMethod)]
    [InlineData("\u0016\u0003\u0001", LineResult.InvalidMethod)]
    [InlineData("get / HTTP/1.1\r\n", LineResult.InvalidMethod)]
    [InlineData("GET /\u0000 HTTP/1.1\r\n", LineResult.InvalidRequest)]
    [InlineData("GET x HTTP/1.1\r\n", LineResult.InvalidRequest)]
    [InlineData("CONNECT / HTTP/1.1\r\n", LineResult.InvalidRequest)]
    [InlineData("CONNECT host HTTP/1.1\r\n", LineResult.InvalidRequest)]
    [InlineData("CONNECT host: HTTP/1.1\r\n", LineResult.InvalidRequest)]
    [InlineData("GET / FTP/1.1\r\n", LineResult.InvalidRequest)]
    [InlineData("GET / HTTP/1.1\rX\n", LineResult.InvalidRequest)]
    [InlineData("GET / HTTP/2.0\r\n", LineResult.InvalidVersion)]
    [InlineData("POST /\r\n", LineResult.InvalidHttp09Method)]
    public void A_bad_line_is_refused_for_its_reason(string line, LineResult expected)
    {
        Parsed(Encoding.Latin1.GetBytes(line), out var result);
        result.ShouldBe(expected);
    }

    [Fact]
    public void Where_the_packets_break_makes_no_difference() =>
        Gen.Select(Gen.OneOf(Gen.Const("GET /a/../b%20c?d#e HTTP/1.1\r\n"), Gen.Const("GET http://h:1?x HTTP/1.0\n"), Gen.Const("PUT /\u0001 HTTP/1.1\r\n")), Gen.Int[0, 31])
            .Sample((line, cut) =>
            {
                var head = Encoding.Latin1.GetBytes(line);
                var whole = Parsed(head, out var expected);
                var parser = new RequestLineParser();
                parser.Reset(0);
                var result = parser.Parse(head.AsSpan(0, Math.Min(cut, head.Length)));
                if (result == LineResult.Incomplete)
                {
                    result = parser.Parse(head);
                }
                return result == expected && parser.UriEnd == whole.UriEnd && parser.Next == whole.Next;
            });

    [Theory]
    [InlineData("/a/./b", "/a/b")]
    [InlineData("/a/../b", "/b")]
    [InlineData("/a/b/..", "/a/")]
    [InlineData("/a/.", "/a/")]
    [InlineData("//a///b", "/a/b")]
    [InlineData("/%41%2f%2E%2e/x", "/x")]
    [InlineData("/a%3Fb%25%23", "/a?b%#")]
    [InlineData("/a#frag", "/a")]
    [InlineData("/...", "/...")]
    [InlineData("/a%00", null)]
    [InlineData("/..", null)]
    [InlineData("/a/../../b", null)]
    [InlineData("/%4", null)]
    [InlineData("/%zz", null)]
    public void A_path_is_normalized_as_nginx_does(string raw, string? expected)
    {
        var path = new byte[raw.Length + 1];
        var length = UriNormalizer.Normalize(Encoding.Latin1.GetBytes(raw), false, true, path, out _, out _);
        (length < 0 ? null : Encoding.Latin1.GetString(path, 0, length)).ShouldBe(expected);
    }

    [Fact]
    public void Arguments_end_at_the_fragment()
    {
        var raw = "/a?b=c#d"u8;
        UriNormalizer.Normalize(raw, false, true, new byte[16], out var start, out var end);
        Encoding.Latin1.GetString(raw[start..end]).ShouldBe("b=c");
    }

    private static RequestLineParser Parsed(byte[] head, out LineResult result)
    {
        var parser = new RequestLineParser();
        parser.Reset(0);
        result = parser.Parse(head);
        return parser;
    }
}
