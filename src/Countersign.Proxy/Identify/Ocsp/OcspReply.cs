using System.Globalization;
using System.Text;

namespace Countersign.Proxy.Identify.Ocsp;

/// <summary>
/// A responder's HTTP response as it comes, read as nginx reads it: every byte once, however few come at a time, for whoever sends them may mean harm.
/// </summary>
internal sealed class OcspReply
{
    private const string Invalid = "OCSP responder sent invalid response";

    // Of what is in it without being asked for, in a log.
    private const int LongestQuote = 256;

    private int _line;
    private int _seen;
    private int _status = -1;
    private long _length = -1;

    /// <summary>Where the body begins; 0 before that is known.</summary>
    public int Body { get; private set; }

    /// <summary>Why it is no answer; null while it may be one.</summary>
    public string? Failure { get; private set; }

    /// <summary>nginx's line about it; null where nginx says nothing.</summary>
    public string? Logged { get; private set; }

    /// <param name="bytes">All that has come, from the beginning.</param>
    /// <param name="isEnd">The responder has closed.</param>
    /// <returns>Whether nothing that is still to come would change it.</returns>
    public bool Take(ReadOnlySpan<byte> bytes, bool isEnd)
    {
        while (Body == 0 && Failure is null)
        {
            var end = bytes[_seen..].IndexOf((byte)'\n');
            if (end < 0)
            {
                _seen = bytes.Length;
                // Whoever speaks another protocol may not end its line, nor the connection.
                if (_status < 0 && !"HTTP/"u8.StartsWith(bytes[..Math.Min(5, bytes.Length)]))
                {
                    Fail(Invalid);
                }
                break;
            }
            _seen += end + 1;
            var line = bytes[_line..(_seen - 1)];
            _line = _seen;
            Read(line is [.. var text, (byte)'\r'] ? text : line);
        }
        if (Body == 0 && Failure is null && isEnd)
        {
            Fail("OCSP responder prematurely closed connection");
        }
        return Failure is not null || (Body > 0 && (isEnd || (_length >= 0 && bytes.Length - Body >= _length)));
    }

    private void Read(ReadOnlySpan<byte> line)
    {
        if (line.Contains((byte)'\r'))
        {
            Fail(Invalid);
        }
        else if (_status < 0)
        {
            _status = StatusOf(line);
            if (_status < 0)
            {
                Fail(Invalid);
            }
        }
        else if (!line.IsEmpty)
        {
            ReadHeader(line);
        }
        else
        {
            Body = _line;
            if (_status != 200)
            {
                Failure = string.Create(CultureInfo.InvariantCulture, $"OCSP responder sent HTTP status {_status}");
            }
        }
    }

    /// <returns>-1 for what is no status line.</returns>
    private static int StatusOf(ReadOnlySpan<byte> line)
    {
        var space = line.IndexOf((byte)' ');
        if (space < 0 || !line.StartsWith("HTTP/"u8) || !IsVersion(line[5..space]))
        {
            return -1;
        }
        var rest = line[space..].TrimStart((byte)' ');
        return rest.Length >= 3 && (rest.Length == 3 || rest[3] is (byte)' ' or (byte)'.')
            && TryNumber(rest[..3], out var status) ? (int)status : -1;
    }

    // TryParse alone takes NUL after the digits.
    private static bool TryNumber(ReadOnlySpan<byte> text, out long number)
    {
        number = 0;
        return !text.ContainsAnyExceptInRange((byte)'0', (byte)'9') && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    private static bool IsVersion(ReadOnlySpan<byte> text)
    {
        var dot = text.IndexOf((byte)'.');
        return dot > 0 && dot < text.Length - 1 && text[0] != '0'
            && !text[..dot].ContainsAnyExceptInRange((byte)'0', (byte)'9') && !text[(dot + 1)..].ContainsAnyExceptInRange((byte)'0', (byte)'9');
    }

    private void ReadHeader(ReadOnlySpan<byte> line)
    {
        var colon = line.IndexOf((byte)':');
        var name = colon < 0 ? line : line[..colon];
        var value = colon < 0 ? [] : line[(colon + 1)..].Trim((byte)' ');
        if (!IsName(name))
        {
            Fail(Invalid);
        }
        else if (Ascii.EqualsIgnoreCase(name, "Content-Type"u8))
        {
            if (!Ascii.EqualsIgnoreCase(value, "application/ocsp-response"u8))
            {
                FailByType(Encoding.Latin1.GetString(value[..Math.Min(value.Length, LongestQuote)]));
            }
        }
        else if (Ascii.EqualsIgnoreCase(name, "Content-Length"u8)
            && TryNumber(value, out var length))
        {
            _length = length;
        }
    }

    private static bool IsName(ReadOnlySpan<byte> name)
    {
        foreach (var symbol in name)
        {
            if (!char.IsAsciiLetterOrDigit((char)symbol) && symbol != '-')
            {
                return false;
            }
        }
        return name.Length > 0 && name[0] != '-';
    }

    private void FailByType(string type)
    {
        Fail($"OCSP responder sent invalid \"Content-Type\" header: \"{type}\"");
        if (_status != 200)
        {
            // nginx speaks of the type alone, for it looks at the status last.
            Failure = string.Create(CultureInfo.InvariantCulture, $"OCSP responder sent HTTP status {_status}");
        }
    }

    private void Fail(string failure) => Failure = Logged = failure;
}
