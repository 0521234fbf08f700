using System.Globalization;
using System.Text;

namespace Countersign.Proxy.Identify.Ocsp;

/// <summary>A responder's HTTP response, as far as it has come.</summary>
internal readonly record struct OcspReply
{
    private const string MediaType = "application/ocsp-response";

    /// <summary>Nothing that is still to come would change it.</summary>
    public bool IsWhole { get; private init; }

    /// <summary>Where the body begins.</summary>
    public int Body { get; private init; }

    /// <summary>Why it is none; null while it may be one.</summary>
    public string? Failure { get; private init; }

    /// <param name="isEnd">The responder has closed.</param>
    public static OcspReply Read(ReadOnlySpan<byte> bytes, bool isEnd)
    {
        var at = 0;
        var length = -1L;
        for (var line = 0; bytes[at..].IndexOf((byte)'\n') is var end and >= 0; line++)
        {
            var text = bytes.Slice(at, end).TrimEnd((byte)'\r');
            at += end + 1;
            if (line == 0)
            {
                if (StatusOf(text) is not { } status)
                {
                    return Failed("OCSP responder sent invalid response");
                }
                if (status != 200)
                {
                    return Failed(string.Create(CultureInfo.InvariantCulture, $"OCSP responder sent HTTP status {status}"));
                }
            }
            else if (text.IsEmpty)
            {
                return new OcspReply { Body = at, IsWhole = isEnd || (length >= 0 && bytes.Length - at >= length) };
            }
            else if (Header(text, ref length) is { } wrong)
            {
                return Failed(wrong);
            }
        }
        return isEnd ? Failed("OCSP responder prematurely closed connection") : default;
    }

    private static int? StatusOf(ReadOnlySpan<byte> line)
    {
        var space = line.IndexOf((byte)' ');
        return line.StartsWith("HTTP/"u8) && space > 0 && line.Length >= space + 4
            && int.TryParse(line.Slice(space + 1, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var status) ? status : null;
    }

    private static string? Header(ReadOnlySpan<byte> line, ref long length)
    {
        var colon = line.IndexOf((byte)':');
        if (colon <= 0)
        {
            return "OCSP responder sent invalid response";
        }
        var value = Encoding.Latin1.GetString(line[(colon + 1)..].Trim((byte)' '));
        switch (Encoding.Latin1.GetString(line[..colon]).ToLowerInvariant())
        {
            case "content-type" when !value.Equals(MediaType, StringComparison.OrdinalIgnoreCase):
                return $"OCSP responder sent invalid \"Content-Type\" header: \"{value}\"";
            case "content-length" when long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number):
                length = number;
                break;
        }
        return null;
    }

    private static OcspReply Failed(string failure) => new() { IsWhole = true, Failure = failure };
}
