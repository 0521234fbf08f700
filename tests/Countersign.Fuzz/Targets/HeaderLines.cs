using System.Text;
using System.Text.RegularExpressions;
using Countersign.Proxy.Request;

namespace Countersign.Fuzz.Targets;

/// <summary>Header lines, whole and byte by byte, beside a reader that splits at line feeds and looks at a line with a pattern.</summary>
public sealed partial class HeaderLines : FuzzTarget
{
    public override string Name => "HeaderLines";

    public override IReadOnlyList<string> Dictionary { get; } =
        ["\r\n", "\n", "\r", ":", ": ", "  ", "\t", "\0", "_", "Host: a\r\n", "Content-Length: 1\r\n", "\r\n\r\n", "\u007f", "\u00ff", "Transfer-Encoding: chunked\r\n"];

    public override void Try(byte[] input)
    {
        foreach (var underscores in new[] { false, true })
        {
            var expected = Expected(input, underscores);
            Read(input, input.Length, underscores).ShouldBe(expected);
            Read(input, 1, underscores).ShouldBe(expected, "byte by byte");
        }
    }

    private static string Read(byte[] input, int step, bool underscores)
    {
        var parser = new HeaderLineParser();
        parser.Reset(0);
        var lines = new StringBuilder();
        for (var seen = Math.Min(step, input.Length); ;)
        {
            switch (parser.Parse(input.AsSpan(0, seen), underscores))
            {
                case HeaderResult.Line:
                    Add(lines, input, parser.NameStart..parser.NameEnd, parser.ValueStart..parser.ValueEnd, parser.IsInvalidName);
                    break;
                case HeaderResult.Incomplete when seen < input.Length:
                    seen = Math.Min(seen + step, input.Length);
                    break;
                case HeaderResult.End:
                    return lines.Append(HeaderResult.End).Append(parser.Next).ToString();
                case var result:
                    return lines.Append(result).ToString();
            }
        }
    }

    private static string Expected(byte[] input, bool underscores)
    {
        var lines = new StringBuilder();
        var text = Encoding.Latin1.GetString(input);
        for (var at = 0; ;)
        {
            var lineFeed = text.IndexOf('\n', at);
            var isWhole = lineFeed >= 0;
            var line = isWhole ? text[at..lineFeed] : text[at..];
            var bare = line.EndsWith('\r') ? line[..^1] : line;
            if (bare.Length == 0)
            {
                return lines.Append(isWhole ? HeaderResult.End + (lineFeed + 1).ToString(null, null) : HeaderResult.Incomplete.ToString()).ToString();
            }
            if (Line().Match(bare) is not { Success: true } match)
            {
                return lines.Append(HeaderResult.Invalid).ToString();
            }
            if (!isWhole)
            {
                return lines.Append(HeaderResult.Incomplete).ToString();
            }
            var (name, value) = (match.Groups["name"], match.Groups["value"]);
            var isOdd = name.Value.Any(c => !char.IsAsciiLetterOrDigit(c) && c != '-' && (c != '_' || !underscores));
            Add(lines, input, Within(name), Within(value), isOdd);
            at = lineFeed + 1;

            Range Within(Group group) => group.Length == 0 ? 0..0 : (at + group.Index)..(at + group.Index + group.Length);
        }
    }

    private static void Add(StringBuilder lines, byte[] input, Range name, Range value, bool isOdd) => lines
        .Append(Convert.ToHexString(input[name])).Append(isOdd ? " odd " : " = ").AppendLine(Convert.ToHexString(input[value]));

    [GeneratedRegex(@"\A(?<name>[^\x00-\x20\x7f:]+)(?:: *(?<value>[^\x00\r\n]*?) *)?\z")]
    private static partial Regex Line();
}
