namespace Countersign.Proxy.Upstream;

internal enum StatusLineResult { Incomplete, Done, Invalid }

/// <summary>A backend's status line as nginx reads it (<c>ngx_http_parse_status_line</c>), again from its start when more has come.</summary>
internal sealed class StatusLineParser
{
    public int Status { get; private set; }
    /// <summary>From the status on, without the line end.</summary>
    public int TextStart { get; private set; }
    public int TextEnd { get; private set; }
    /// <summary>1000 or 1001.</summary>
    public int Version { get; private set; }

    public void Reset() => Status = 0;

    /// <param name="position">First byte of the line; moved past it when it is whole.</param>
    public StatusLineResult Parse(ReadOnlySpan<byte> buffer, ref int position)
    {
        var line = buffer[position..];
        var known = "HTTP/"u8;
        var compared = Math.Min(line.Length, known.Length);
        if (!line[..compared].SequenceEqual(known[..compared]))
        {
            return StatusLineResult.Invalid;
        }
        var end = line.IndexOf((byte)'\n');
        var text = end < 0 ? line : line[..end];
        var at = known.Length;
        if (!Number(text, ref at, out var major, digits: 3) || major == 0)
        {
            return Undecided(end, at, text);
        }
        if (at >= text.Length || text[at++] != '.')
        {
            return Undecided(end, at, text);
        }
        if (!Number(text, ref at, out var minor, digits: 3))
        {
            return Undecided(end, at, text);
        }
        Version = (major * 1000) + minor;
        if (at >= text.Length || text[at] != ' ')
        {
            return Undecided(end, at, text);
        }
        while (at < text.Length && text[at] == ' ')
        {
            at++;
        }
        TextStart = position + at;
        var statusStart = at;
        if (!Number(text, ref at, out var status, digits: 3) || at - statusStart != 3)
        {
            return Undecided(end, at, text);
        }
        if (at < text.Length && text[at] is not ((byte)' ' or (byte)'.' or (byte)'\r'))
        {
            return StatusLineResult.Invalid;
        }
        if (text.IndexOf((byte)'\r') is var bare and >= 0 && bare < text.Length - 1)
        {
            // A carriage return stands before the line feed or nowhere.
            return StatusLineResult.Invalid;
        }
        if (end < 0)
        {
            return StatusLineResult.Incomplete;
        }
        Status = status;
        TextEnd = position + (text.Length > 0 && text[^1] == '\r' ? text.Length - 1 : text.Length);
        position += end + 1;
        return StatusLineResult.Done;
    }

    /// <summary>What is there so far may still become right, unless the line has ended or a byte is wrong.</summary>
    private static StatusLineResult Undecided(int end, int at, ReadOnlySpan<byte> text) =>
        end < 0 && at >= text.Length ? StatusLineResult.Incomplete : StatusLineResult.Invalid;

    private static bool Number(ReadOnlySpan<byte> text, ref int at, out int value, int digits)
    {
        value = 0;
        var start = at;
        while (at < text.Length && at - start < digits && text[at] is >= (byte)'0' and <= (byte)'9')
        {
            value = (value * 10) + text[at++] - '0';
        }
        return at > start;
    }
}
