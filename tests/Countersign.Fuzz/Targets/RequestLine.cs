using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Countersign.Proxy.Request;

namespace Countersign.Fuzz.Targets;

/// <summary>The request line, whole and byte by byte, beside one pattern for the whole line.</summary>
public sealed partial class RequestLine : FuzzTarget
{
    public override string Name => "RequestLine";

    public override IReadOnlyList<string> Dictionary { get; } =
        ["GET ", "CONNECT ", "POST", " ", "\r\n", "\n", "\r", "HTTP/1.1", "HTTP/1.0", "HTTP/2", "http://", "[::1]", ":80", ":", "/", "//", "/.", "/+.", "?", "#", "%2f", "\0", "\u007f", "\u00ff"];

    private sealed record Parts(
        LineResult Result, int Start, int End, int Next, int MethodEnd, int SchemeStart, int SchemeEnd, int HostStart, int HostEnd,
        int UriStart, int UriEnd, int ArgumentsStart, int ProtocolStart, int Version, bool NeedsNormalizing, bool EmptyPath);

    public override void Try(byte[] input)
    {
        var whole = Read(input, input.Length);
        Read(input, 1).ShouldBe(whole, "byte by byte");
        if (Expected(Encoding.Latin1.GetString(input)) is { } expected)
        {
            whole.ShouldBe(expected);
        }
        else if (whole.Result == LineResult.Incomplete)
        {
            var text = Encoding.Latin1.GetString(input);
            text.TrimStart('\r', '\n').ShouldNotContain("\n");
            Continuations.ShouldContain(rest => Expected(text + rest) != null, "nothing could follow, and still it is waited for");
        }
        else
        {
            whole.Result.ShouldBeOneOf(LineResult.InvalidMethod, LineResult.InvalidRequest, LineResult.InvalidVersion);
        }
    }

    private static Parts Read(byte[] input, int step)
    {
        var parser = new RequestLineParser();
        parser.Reset(0);
        LineResult result;
        var seen = Math.Min(step, input.Length);
        while ((result = parser.Parse(input.AsSpan(0, seen))) == LineResult.Incomplete && seen < input.Length)
        {
            seen = Math.Min(seen + step, input.Length);
        }
        return new(
            result, parser.Start, parser.End, parser.Next, parser.MethodEnd, parser.SchemeStart, parser.SchemeEnd, parser.HostStart, parser.HostEnd,
            parser.UriStart, parser.UriEnd, parser.ArgumentsStart, parser.ProtocolStart, parser.Version, parser.NeedsNormalizing, parser.EmptyPath);
    }

    private static Parts? Expected(string text)
    {
        var match = Line().Match(text);
        if (!match.Success)
        {
            return null;
        }
        int From(string group) => match.Groups[group] is { Success: true } found ? found.Index : -1;
        int To(string group) => match.Groups[group] is { Success: true } found ? found.Index + found.Length : -1;

        var uri = match.Groups["uri"].Value;
        var (uriStart, uriEnd) = (From("uri"), To("uri"));
        if (uri.Length == 0)
        {
            // As nginx: a slash that stands in the line, since the line may move to a larger buffer.
            uriStart = match.Groups["scheme"].Success ? To("scheme") + 1 : From("protocol") < 0 ? 0 : From("protocol") + 4;
            uriEnd = uriStart + (uriStart == 0 ? 0 : 1);
        }
        var question = uri.IndexOf('?');
        var isComplex = Complex().IsMatch(question < 0 ? uri : uri[..question]);
        var version = From("protocol") < 0 ? 9 : 1000 + int.Parse(match.Groups["minor"].Value, CultureInfo.InvariantCulture);
        return new(
            version == 9 && match.Groups["method"].Value != "GET" ? LineResult.InvalidHttp09Method : LineResult.Done,
            From("method"), From("end"), To("end"), To("method"), From("scheme"), To("scheme"), From("host"), To("host"), uriStart, uriEnd,
            isComplex || question < 0 ? -1 : uriStart + question + 1, From("protocol"), version, isComplex || uri.Contains('#'), uri.StartsWith('?'));
    }

    /// <summary>For each place where a good line may have stopped, a way on.</summary>
    private static readonly string[] Continuations =
    [
        "GET /\n", " / HTTP/1.1\n", "/ HTTP/1.1\n", "://h/ HTTP/1.1\n", "//h/ HTTP/1.1\n", "]/ HTTP/1.1\n", " HTTP/1.1\n", "HTTP/1.1\n",
        "TTP/1.1\n", "TP/1.1\n", "P/1.1\n", "/1.1\n", "1.1\n", ".1\n", "1\n", "\n",
        " h:1 HTTP/1.1\n", "h:1 HTTP/1.1\n", ":1 HTTP/1.1\n", "1 HTTP/1.1\n", "]:1 HTTP/1.1\n",
    ];

    [GeneratedRegex(
        """
        \A[\r\n]*
        (?:
            (?<method>CONNECT)\ +(?<host>(?:\[[A-Za-z0-9:\-._~!$&'()*+,;=]*\]|(?!\ )[A-Za-z0-9.\-]*):[0-9]+)(?=\ )
        |
            (?<method>(?!CONNECT\ )[A-Z_\-]+)\ +
            (?:
                (?<uri>/[^\x00-\x20\x7f]*)
            |
                (?<scheme>[A-Za-z][A-Za-z0-9+.\-]*)://
                (?<host>(?:\[[A-Za-z0-9:\-._~!$&'()*+,;=]*\]|[A-Za-z0-9.\-]*)(?::[0-9]*)?)
                (?:(?<uri>[/?][^\x00-\x20\x7f]*)|(?=\ ))
            )
        )
        (?:\ +(?<protocol>HTTP/1\.(?<minor>0*[0-9]{1,3}))\ *|\ *)
        (?<end>\r?\n)
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Line();

    [GeneratedRegex(@"[%\#]|/\+*[/.]")]
    private static partial Regex Complex();
}
