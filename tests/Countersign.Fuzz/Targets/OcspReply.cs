using System.Text;
using System.Text.RegularExpressions;
using Reply = Countersign.Proxy.Identify.Ocsp.OcspReply;

namespace Countersign.Fuzz.Targets;

/// <summary>A responder's response, whole and byte by byte, beside a reader that has patterns for lines.</summary>
public sealed partial class OcspReply : FuzzTarget
{
    public override string Name => "OcspReply";

    public override IReadOnlyList<string> Dictionary { get; } =
        ["HTTP/1.0 200 OK\r\n", "HTTP/", "200", "404", "\r\n", "\n", "\r", ":", " ", ".", "Content-Type: ", "application/ocsp-response", "Content-Length: ", "0", "5", "-", "\r\n\r\n"];

    public override void Try(byte[] input)
    {
        var expected = Expected(Encoding.Latin1.GetString(input));
        Read(input, Math.Max(1, input.Length)).ShouldBe(expected);
        Read(input, 1).ShouldBe(expected, "byte by byte");
    }

    /// <summary>The body, or why there is none, when the responder closes after the last byte.</summary>
    private static string Read(byte[] input, int step)
    {
        var reply = new Reply();
        var length = Math.Min(step, input.Length);
        while (!reply.Take(input.AsSpan(0, length), isEnd: false) && length < input.Length)
        {
            length += step;
        }
        _ = reply.Take(input.AsSpan(0, length), isEnd: true);
        return reply.Failure ?? $"{reply.Body}";
    }

    private static string Expected(string text)
    {
        const string Invalid = "OCSP responder sent invalid response";
        var status = "";
        for (var at = 0; text.IndexOf('\n', at) is var end and >= 0; at = end + 1)
        {
            var line = text[at..end].EndsWith('\r') ? text[at..(end - 1)] : text[at..end];
            if (status.Length == 0)
            {
                if (StatusLine().Match(line) is not { Success: true } match)
                {
                    return Invalid;
                }
                status = match.Groups[1].Value;
            }
            else if (line.Length == 0)
            {
                return status == "200" ? $"{end + 1}" : $"OCSP responder sent HTTP status {int.Parse(status, System.Globalization.CultureInfo.InvariantCulture)}";
            }
            else if (Header().Match(line) is not { Success: true } header)
            {
                return Invalid;
            }
            else if (header.Groups["name"].Value.Equals("content-type", StringComparison.OrdinalIgnoreCase)
                && !header.Groups["value"].Value.Equals("application/ocsp-response", StringComparison.OrdinalIgnoreCase))
            {
                return status == "200"
                    ? $"OCSP responder sent invalid \"Content-Type\" header: \"{header.Groups["value"].Value}\""
                    : $"OCSP responder sent HTTP status {int.Parse(status, System.Globalization.CultureInfo.InvariantCulture)}";
            }
        }
        return status.Length == 0 && !"HTTP/".StartsWith(text[..Math.Min(5, text.Length)], StringComparison.Ordinal)
            ? Invalid : "OCSP responder prematurely closed connection";
    }

    [GeneratedRegex(@"\AHTTP/[1-9][0-9]*\.[0-9]+ +([0-9]{3})(?:[ .][^\r]*)?\z")]
    private static partial Regex StatusLine();

    [GeneratedRegex(@"\A(?<name>[A-Za-z0-9][A-Za-z0-9-]*)(?:: *(?<value>[^\r]*?) *)?\z")]
    private static partial Regex Header();
}
