using System.Text;
using Countersign.Proxy.Accept;

namespace Countersign.Proxy.Tests.Accept;

public sealed class ProxyProtocolHeaderTests
{
    [Theory]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.2 56324 443\r\n", "192.0.2.1", 56324, "198.51.100.2", 443)]
    [InlineData("PROXY TCP6 2001:db8::1 ::FFFF:1.2.3.4 0 0065535\r\n", "2001:db8::1", 0, "::FFFF:1.2.3.4", 65535)]
    [InlineData("PROXY TCP4 abc. : 1 2\r\n", "abc.", 1, ":", 2)]
    public void A_text_header_gives_both_ends_as_they_were_sent(string line, string source, int sourcePort, string destination, int destinationPort)
    {
        var header = Done(Encoding.Latin1.GetBytes(line + "GET /"));

        header.Length.ShouldBe(line.Length);
        Text(header.Source).ShouldBe(source);
        header.SourcePort.ShouldBe(sourcePort);
        Text(header.Destination).ShouldBe(destination);
        header.DestinationPort.ShouldBe(destinationPort);
    }

    [Theory]
    [InlineData("PROXY UNKNOWN\r\n")]
    [InlineData("PROXY UNKNOWN ffff::1 whatever\n 1\r2\r\n")]
    [InlineData("PROXY UNKNOWNx\r\n")]
    public void An_unknown_text_header_is_passed_over(string line)
    {
        var header = Done(Encoding.Latin1.GetBytes(line + "x"));

        header.HasAddresses.ShouldBeFalse();
        header.Length.ShouldBe(line.Length);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n", "GET / HTTP/1.1")]
    [InlineData("PROXY TCP5 1.1.1.1 1.1.1.1 1 2\r\n", "PROXY TCP5 1.1.1.1 1.1.1.1 1 2")]
    [InlineData("PROXY TCP4 1.1.1.g 1.1.1.1 1 2\r\n", "PROXY TCP4 1.1.1.g 1.1.1.1 1 2")]
    [InlineData("PROXY TCP4 1.1.1.1 1.1.1.1 65536 2\r\n", "PROXY TCP4 1.1.1.1 1.1.1.1 65536 2")]
    [InlineData("PROXY TCP4 1.1.1.1 1.1.1.1  2\r\n", "PROXY TCP4 1.1.1.1 1.1.1.1  2")]
    [InlineData("PROXY TCP4 1.1.1.1 1.1.1.1 1 2\n", "PROXY TCP4 1.1.1.1 1.1.1.1 1 2")]
    [InlineData("PROXY TCP4 1.1.1.1 1.1.1.1 1 2\rx", "PROXY TCP4 1.1.1.1 1.1.1.1 1 2")]
    [InlineData("proxy TCP4 1.1.1.1 1.1.1.1 1 2\r\n", "proxy TCP4 1.1.1.1 1.1.1.1 1 2")]
    public void A_broken_text_header_is_refused_and_quoted(string line, string quoted)
    {
        ProxyProtocolHeader.Parse(Encoding.Latin1.GetBytes(line), out var header).ShouldBe(ProxyProtocolResult.Invalid);
        header.Problem.ShouldBe($"broken header: \"{quoted}\"");
    }

    [Fact]
    public void A_text_header_without_end_is_refused_at_the_limit()
    {
        var endless = Encoding.Latin1.GetBytes("PROXY UNKNOWN" + new string('x', 5000));

        ProxyProtocolHeader.Parse(endless.AsSpan(0, ProxyProtocolHeader.MaximumLength - 1), out _).ShouldBe(ProxyProtocolResult.Incomplete);
        ProxyProtocolHeader.Parse(endless.AsSpan(0, ProxyProtocolHeader.MaximumLength), out _).ShouldBe(ProxyProtocolResult.Invalid);
    }

    [Fact]
    public void A_binary_header_over_IPv4_gives_both_ends_and_its_extensions()
    {
        var header = Done([.. Binary(0x21, 0x11, [192, 0, 2, 1, 198, 51, 100, 2, 0xdc, 0x04, 0x01, 0xbb, 0x04, 0, 1, 9]), (byte)'G']);

        Text(header.Source).ShouldBe("192.0.2.1");
        Text(header.Destination).ShouldBe("198.51.100.2");
        (header.SourcePort, header.DestinationPort, header.Length).ShouldBe((56324, 443, 32));
        header.Extensions.ShouldBe([4, 0, 1, 9]);
    }

    [Fact]
    public void A_binary_header_over_IPv6_gives_both_ends()
    {
        byte[] one = [0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];
        var header = Done(Binary(0x21, 0x21, [.. one, .. one, 0, 1, 0, 2]));

        (Text(header.Source), header.SourcePort, header.DestinationPort).ShouldBe(("2001:db8::1", 1, 2));
    }

    [Theory]
    [InlineData(0x20, 0x11, 12)]
    [InlineData(0x20, 0x00, 0)]
    [InlineData(0x2f, 0x11, 0)]
    [InlineData(0x21, 0x12, 12)]
    [InlineData(0x21, 0x31, 216)]
    [InlineData(0x21, 0x01, 0)]
    public void A_local_command_and_what_is_no_TCP_over_IP_are_passed_over(int command, int family, int length)
    {
        var header = Done(Binary((byte)command, (byte)family, new byte[length]));

        header.HasAddresses.ShouldBeFalse();
        header.Length.ShouldBe(16 + length);
    }

    [Theory]
    [InlineData(0x11, 0x11, 12, "unknown PROXY protocol version: 1")]
    [InlineData(0x21, 0x11, 11, null)]
    [InlineData(0x21, 0x21, 35, null)]
    [InlineData(0x20, 0x00, 4081, "header is too large")]
    public void A_broken_binary_header_is_refused(int command, int family, int length, string? problem)
    {
        ProxyProtocolHeader.Parse(Binary((byte)command, (byte)family, new byte[length]), out var header).ShouldBe(ProxyProtocolResult.Invalid);
        header.Problem.ShouldBe(problem);
    }

    [Fact]
    public void A_header_that_has_not_come_whole_is_neither_done_nor_broken()
    {
        byte[][] headers = [Binary(0x21, 0x11, new byte[20]), "PROXY TCP4 1.2.3.4 5.6.7.8 9 10\r\n"u8.ToArray(), "PROXY UNKNOWN\r\n"u8.ToArray()];
        foreach (var header in headers)
        {
            for (var length = 0; length < header.Length; length++)
            {
                ProxyProtocolHeader.Parse(header.AsSpan(0, length), out _).ShouldBe(ProxyProtocolResult.Incomplete);
            }
            Done(header).Length.ShouldBe(header.Length);
        }
    }

    private static ProxyProtocolHeader Done(byte[] input)
    {
        ProxyProtocolHeader.Parse(input, out var header).ShouldBe(ProxyProtocolResult.Done);
        return header;
    }

    private static byte[] Binary(byte command, byte family, byte[] body) =>
        [.. "\r\n\r\n\0\r\nQUIT\n"u8, command, family, (byte)(body.Length >> 8), (byte)body.Length, .. body];

    private static string? Text(byte[]? bytes) => bytes is null ? null : Encoding.Latin1.GetString(bytes);
}
