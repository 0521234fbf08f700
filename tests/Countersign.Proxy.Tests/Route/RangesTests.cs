using System.Text;
using Countersign.Proxy.Request;
using Countersign.Proxy.Route;

namespace Countersign.Proxy.Tests.Route;

public sealed class RangesTests
{
    [Theory]
    [InlineData("0-4", "0-5")]
    [InlineData("5-", "5-20")]
    [InlineData("-5", "15-20")]
    [InlineData("-50", "0-20")]
    [InlineData("0-99", "0-20")]
    [InlineData(" 1 - 2 ", "1-3")]
    [InlineData("0-0,2-3", "0-1 2-4")]
    [InlineData("0-1, 30-40, -1", "0-2 19-20")]
    public void Ranges_are_cut_to_the_body(string text, string expected)
    {
        Parse(text, out var ranges, out _).ShouldBeTrue();
        ranges.ShouldBe(expected);
    }

    [Theory]
    [InlineData("20-")]
    [InlineData("50-60")]
    [InlineData("5-3")]
    [InlineData("")]
    [InlineData("a-b")]
    [InlineData("1")]
    [InlineData("1-2x")]
    [InlineData("-")]
    [InlineData("99999999999999999999-")]
    [InlineData("0-1,")]
    public void What_cannot_be_served_is_416(string text)
    {
        Parse(text, out _, out var isUnsatisfiable).ShouldBeFalse();
        isUnsatisfiable.ShouldBeTrue();
    }

    [Theory]
    [InlineData("0-19,0-19")]
    [InlineData("0-0,1-1,2-2,3-3")]
    public void Ranges_past_the_whole_or_the_limit_are_ignored(string text)
    {
        Parse(text, out _, out var isUnsatisfiable, maximum: 3).ShouldBeFalse();
        isUnsatisfiable.ShouldBeFalse();
    }

    [Fact]
    public void A_range_of_an_empty_body_is_ignored()
    {
        Ranges.TryParse("0-0"u8, 0, int.MaxValue, [], out var isUnsatisfiable).ShouldBeFalse();
        isUnsatisfiable.ShouldBeFalse();
    }

    [Fact]
    public void A_multipart_body_is_as_long_as_it_says()
    {
        var parts = new MultipartRanges([new ByteRange(0, 1), new ByteRange(2, 4)], "00000000000000000007", "text/plain", 20);
        parts.HeadOf(parts.Ranges[1]).ShouldBe("\r\n--00000000000000000007\r\nContent-Type: text/plain\r\nContent-Range: bytes 2-3/20\r\n\r\n");
        parts.Length.ShouldBe(parts.HeadOf(parts.Ranges[0]).Length + 1 + parts.HeadOf(parts.Ranges[1]).Length + 2 + parts.End.Length);
    }

    private static bool Parse(string text, out string ranges, out bool isUnsatisfiable, int maximum = int.MaxValue)
    {
        var list = new List<ByteRange>();
        var taken = Ranges.TryParse(Encoding.ASCII.GetBytes(text), 20, maximum, list, out isUnsatisfiable);
        ranges = string.Join(' ', list.Select(range => $"{range.Start}-{range.End}"));
        return taken;
    }
}
