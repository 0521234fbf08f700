using System.Text;
using System.Text.RegularExpressions;
using Countersign.Proxy.Request;

namespace Countersign.Fuzz.Targets;

/// <summary>Paths beside a reader that decodes the whole first and then resolves segment by segment.</summary>
public sealed partial class UriPath : FuzzTarget
{
    public override string Name => "UriPath";

    public override IReadOnlyList<string> Dictionary { get; } =
        ["/", "//", "/.", "/..", "/./", "/../", "%2f", "%2e", "%2E%2e", "%00", "%25", "%3F", "%23", "?", "#", "%", "..", "a"];

    public override void Try(byte[] input)
    {
        byte[] raw = [(byte)'/', .. input.Where(b => b > 0x20 && b != 0x7f)];
        foreach (var merge in new[] { true, false })
        {
            Read(raw, emptyPath: false, merge).ShouldBe(Expected(raw, emptyPath: false, merge));
        }
        raw[0] = (byte)'?';
        Read(raw, emptyPath: true, mergeSlashes: true).ShouldBe(Expected(raw, emptyPath: true, mergeSlashes: true));
    }

    private static (string? Path, string? Arguments) Read(byte[] raw, bool emptyPath, bool mergeSlashes)
    {
        var path = new byte[raw.Length + 1];
        var length = UriNormalizer.Normalize(raw, emptyPath, mergeSlashes, path, out var start, out var end);
        return length < 0
            ? (null, null)
            : (Encoding.Latin1.GetString(path, 0, length), start < 0 ? null : Encoding.Latin1.GetString(raw, start, end - start));
    }

    private static (string? Path, string? Arguments) Expected(byte[] raw, bool emptyPath, bool mergeSlashes)
    {
        var match = Parts().Match((emptyPath ? "/" : "") + Encoding.Latin1.GetString(raw));
        var arguments = match.Groups["arguments"].Success ? match.Groups["arguments"].Value : null;
        var path = match.Groups["path"].Value;
        if (BrokenEscape().IsMatch(path))
        {
            return (null, null);
        }
        var decoded = Escape().Replace(path, escape => ((char)Convert.ToByte(escape.Value[1..], 16)).ToString());
        if (mergeSlashes)
        {
            // Not all at once: "/a/..//b" is merged after the climb, which comes to the same.
            decoded = Slashes().Replace(decoded, "/");
        }
        var result = new List<string>();
        var segments = decoded.Split('/')[1..];
        for (var i = 0; i < segments.Length; i++)
        {
            var isLast = i == segments.Length - 1;
            switch (segments[i])
            {
                case "..":
                    if (result.Count == 0)
                    {
                        return (null, null);
                    }
                    result.RemoveAt(result.Count - 1);
                    break;
                case ".":
                    break;
                case "" when !isLast && mergeSlashes:
                    break;
                default:
                    result.Add(segments[i]);
                    continue;
            }
            if (isLast)
            {
                result.Add("");
            }
        }
        return ("/" + string.Join('/', result), arguments);
    }

    [GeneratedRegex(@"\A(?<path>[^?#]*)(?:\?(?<arguments>[^#]*))?", RegexOptions.Singleline)]
    private static partial Regex Parts();

    [GeneratedRegex("%00|%(?![0-9A-Fa-f]{2})")]
    private static partial Regex BrokenEscape();

    [GeneratedRegex("%[0-9A-Fa-f]{2}")]
    private static partial Regex Escape();

    [GeneratedRegex("/+")]
    private static partial Regex Slashes();
}
