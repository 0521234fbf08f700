using System.Text;
using Countersign.Proxy.Upstream;

namespace Countersign.Proxy.Tests.Upstream;

public sealed class StatusLineTests
{
    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\n", 200, "200 OK", 1001)]
    [InlineData("HTTP/1.0 404 Not Found\n", 404, "404 Not Found", 1000)]
    [InlineData("HTTP/1.1 200\r\n", 200, "200", 1001)]
    [InlineData("HTTP/1.1 200 \r\n", 200, "200 ", 1001)]
    [InlineData("HTTP/1.1   200 OK\r\n", 200, "200 OK", 1001)]
    [InlineData("HTTP/1.1 403.7 Forbidden\r\n", 403, "403.7 Forbidden", 1001)]
    [InlineData("HTTP/2.0 799 Strange\r\n", 799, "799 Strange", 2000)]
    public void A_status_line_is_read_whole_and_byte_by_byte(string line, int status, string text, int version)
    {
        var bytes = Encoding.Latin1.GetBytes(line);
        var parser = new StatusLineParser();
        var position = 0;
        for (var length = 0; length < bytes.Length; length++)
        {
            parser.Parse(bytes.AsSpan(0, length), ref position).ShouldBe(StatusLineResult.Incomplete);
        }
        parser.Parse(bytes, ref position).ShouldBe(StatusLineResult.Done);
        position.ShouldBe(bytes.Length);
        parser.Status.ShouldBe(status);
        parser.Version.ShouldBe(version);
        line[parser.TextStart..parser.TextEnd].ShouldBe(text);
    }

    [Theory]
    [InlineData("SSH-2.0-x\r\n")]
    [InlineData("http/1.1 200 OK\r\n")]
    [InlineData("HTTP/0.9 200 OK\r\n")]
    [InlineData("HTTP/1 200 OK\r\n")]
    [InlineData("HTTP/1.1 20 OK\r\n")]
    [InlineData("HTTP/1.1 2000 OK\r\n")]
    [InlineData("HTTP/1.1 2x0 OK\r\n")]
    [InlineData("HTTP/1.1200 OK\r\n")]
    [InlineData("HTTP/1.1 200 O\rK\r\n")]
    public void Anything_else_is_no_status_line(string line)
    {
        var position = 0;
        new StatusLineParser().Parse(Encoding.Latin1.GetBytes(line), ref position).ShouldBe(StatusLineResult.Invalid);
    }
}
