using System.Text;
using Countersign.Proxy.Request;

namespace Countersign.Proxy.Tests.Request;

public sealed class ChunkedDecoderTests
{
    [Theory]
    [InlineData("3\r\nabc\r\n0\r\n\r\n", "abc")]
    [InlineData("0\r\n\r\n", "")]
    [InlineData("A;x=y\r\n0123456789\r\n1 \r\n!\r\n000;e\r\nT: v\r\n\r\n", "0123456789!")]
    public void A_body_is_read_wherever_packets_break(string text, string expected)
    {
        foreach (var step in new[] { 1, 2, 3, 7, text.Length })
        {
            Read(text, step).ShouldBe((ChunkedResult.Done, expected));
        }
    }

    [Theory]
    [InlineData("3\nabc\r\n")]
    [InlineData("3\r\nabcd")]
    [InlineData("-1\r\n")]
    [InlineData("0x3\r\n")]
    [InlineData(" 3\r\n")]
    [InlineData("FFFFFFFFFFFFFFFF\r\n")]
    [InlineData("80000000000000000\r\n")]
    [InlineData("800000000000000\r\n")]
    [InlineData("3;\n")]
    [InlineData("0\r\n\n")]
    public void Framing_that_two_readers_could_take_differently_is_refused(string text) =>
        Read(text, text.Length).Result.ShouldBe(ChunkedResult.Invalid);

    [Fact]
    public void Trailers_without_end_are_refused() =>
        Read("0\r\n" + string.Concat(Enumerable.Repeat("A: b\r\n", 10_000)), 100).Result.ShouldBe(ChunkedResult.Invalid);

    [Fact]
    public void So_is_a_size_that_is_zeros_without_end() =>
        Read(new string('0', 40_000), 100).Result.ShouldBe(ChunkedResult.Invalid);

    [Fact]
    public void Sizes_of_a_fixed_width_are_read_however_many_there_are() =>
        Read(string.Concat(Enumerable.Repeat("00000001\r\na\r\n", 10_000)) + "00000000\r\n\r\n", 1000).ShouldBe((ChunkedResult.Done, new string('a', 10_000)));

    [Fact]
    public void As_nginx_they_may_be_as_long_as_they_like() =>
        Read($"3;{new string('x', 40_000)}\r\nabc\r\n0\r\n\r\n", 1000, isUnbounded: true).ShouldBe((ChunkedResult.Done, "abc"));

    private static (ChunkedResult Result, string Body) Read(string text, int step, bool isUnbounded = false)
    {
        var input = Encoding.Latin1.GetBytes(text);
        var decoder = new ChunkedDecoder();
        decoder.Reset(isUnbounded);
        var body = new StringBuilder();
        var consumed = 0;
        for (var seen = Math.Min(step, input.Length); ;)
        {
            switch (decoder.Next(input.AsSpan(0, seen), ref consumed, out var data))
            {
                case ChunkedResult.Data:
                    body.Append(text, consumed - data, data);
                    break;
                case ChunkedResult.Incomplete when seen < input.Length:
                    seen = Math.Min(seen + step, input.Length);
                    break;
                case var result:
                    return (result, body.ToString());
            }
        }
    }
}
