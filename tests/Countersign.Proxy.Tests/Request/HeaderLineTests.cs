using System.Text;
using Countersign.Proxy.Request;

namespace Countersign.Proxy.Tests.Request;

public sealed class HeaderLineTests
{
    [Theory]
    [InlineData("Host: a\r\n\r\n", "Host=a")]
    [InlineData("Host:a\n\n", "Host=a")]
    [InlineData("X:  a b  \r\n\r\n", "X=a b")]
    [InlineData("Empty:\r\nNo-Colon\r\n\r\n", "Empty=;No-Colon=")]
    [InlineData("a_b: 1\r\n\r\n", "!a_b=1")]
    [InlineData("a.b: 1\r\n\r\n", "!a.b=1")]
    public void Lines_are_taken_apart(string head, string expected) => Read(head).ShouldBe((HeaderResult.End, expected));

    [Theory]
    [InlineData("Host : a\r\n\r\n")]
    [InlineData("A: b\r\n folded\r\n\r\n")]
    [InlineData(": a\r\n\r\n")]
    [InlineData("A: b\0c\r\n\r\n")]
    [InlineData("A: b\rB: c\r\n\r\n")]
    [InlineData("A: b\r\n\rx")]
    public void What_a_backend_could_read_otherwise_is_refused(string head) => Read(head).Result.ShouldBe(HeaderResult.Invalid);

    [Fact]
    public void Underscores_are_good_where_allowed() => Read("a_b: 1\n\n", underscores: true).Lines.ShouldBe("a_b=1");

    [Fact]
    public void Reading_goes_on_at_any_byte() => Read("Host: a b \r\nX: \r\n\r\n", step: 1).ShouldBe((HeaderResult.End, "Host=a b;X="));

    private static (HeaderResult Result, string Lines) Read(string text, bool underscores = false, int step = int.MaxValue)
    {
        var head = Encoding.Latin1.GetBytes(text);
        var parser = new HeaderLineParser();
        parser.Reset(0);
        var lines = new List<string>();
        for (var seen = Math.Min(step, head.Length); ;)
        {
            switch (parser.Parse(head.AsSpan(0, seen), underscores))
            {
                case HeaderResult.Line:
                    lines.Add($"{(parser.IsInvalidName ? "!" : "")}{text[parser.NameStart..parser.NameEnd]}={text[parser.ValueStart..parser.ValueEnd]}");
                    break;
                case HeaderResult.Incomplete when seen < head.Length:
                    seen += step;
                    break;
                case var result:
                    return (result, string.Join(';', lines));
            }
        }
    }
}
