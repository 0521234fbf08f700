namespace Countersign.Proxy.Route;

/// <summary>Dates as a client may write them, in the three forms of RFC 9110, 5.6.7 (<c>ngx_parse_http_time</c>): the name of the
/// day and what stands behind the seconds are not looked at.</summary>
internal static class HttpTime
{
    private static ReadOnlySpan<byte> DaysOfMonth => [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

    /// <returns>Unix seconds, or -1.</returns>
    public static long Parse(ReadOnlySpan<byte> text)
    {
        var mark = text.IndexOfAny((byte)',', (byte)' ');
        if (mark < 0)
        {
            return -1;
        }
        var isAsctime = text[mark] == ' ';
        var rest = text[(mark + 1)..].TrimStart((byte)' ');
        if (rest.Length < 18)
        {
            return -1;
        }
        return isAsctime ? ParseAsctime(rest) : ParseDayFirst(rest);
    }

    /// <summary><c>10 Nov 2002 23:50:13</c> or <c>10-Dec-02 23:50:13</c>.</summary>
    private static long ParseDayFirst(ReadOnlySpan<byte> text)
    {
        var day = Number(text, 2);
        var separator = text[2];
        var month = Month(text[3..]);
        if (day < 0 || month < 0 || separator is not ((byte)' ' or (byte)'-') || text[6] != separator)
        {
            return -1;
        }
        var digits = separator == ' ' ? 4 : 2;
        var year = Number(text[7..], digits);
        if (year < 0)
        {
            return -1;
        }
        year += digits == 4 ? 0 : year < 70 ? 2000 : 1900;
        var rest = text[(7 + digits)..];
        return rest is [(byte)' ', ..] && TryTime(rest[1..], out var time) ? Seconds(year, month, day, time) : -1;
    }

    /// <summary><c>Dec 10 23:50:13 2002</c>; a day of one digit stands behind two spaces.</summary>
    private static long ParseAsctime(ReadOnlySpan<byte> text)
    {
        var month = Month(text);
        var rest = text[4..];
        rest = rest[0] == ' ' ? rest[1..] : rest;
        var digits = rest[1] == ' ' ? 1 : 2;
        var day = Number(rest, digits);
        rest = rest[digits..];
        if (month < 0 || day < 0 || rest.Length < 14 || rest[0] != ' ' || !TryTime(rest[1..], out var time) || rest[9] != ' ')
        {
            return -1;
        }
        var year = Number(rest[10..], 4);
        return year < 0 ? -1 : Seconds(year, month, day, time);
    }

    private static long Seconds(int year, int month, int day, int time)
    {
        var isLeap = DateTime.IsLeapYear(Math.Clamp(year, 1, 9999));
        if (year == 0 || day == 0 || (month == 1 && day == 29 ? !isLeap : day > DaysOfMonth[month]))
        {
            return -1;
        }
        return (new DateTime(year, month + 1, day, 0, 0, 0, DateTimeKind.Utc).Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerSecond + time;
    }

    private static bool TryTime(ReadOnlySpan<byte> text, out int seconds)
    {
        seconds = 0;
        if (text.Length < 8 || text[2] != ':' || text[5] != ':')
        {
            return false;
        }
        var (hour, minute, second) = (Number(text, 2), Number(text[3..], 2), Number(text[6..], 2));
        seconds = (hour * 3600) + (minute * 60) + second;
        return hour is >= 0 and <= 23 && minute is >= 0 and <= 59 && second is >= 0 and <= 59;
    }

    private static int Number(ReadOnlySpan<byte> text, int digits)
    {
        var value = 0;
        foreach (var b in text[..digits])
        {
            if (b is < (byte)'0' or > (byte)'9')
            {
                return -1;
            }
            value = (value * 10) + b - '0';
        }
        return value;
    }

    /// <summary>As nginx, by the letters that tell them apart; 0 to 11, or -1.</summary>
    private static int Month(ReadOnlySpan<byte> text) => text[0] switch
    {
        (byte)'J' => text[1] == 'a' ? 0 : text[2] == 'n' ? 5 : 6,
        (byte)'F' => 1,
        (byte)'M' => text[2] == 'r' ? 2 : 4,
        (byte)'A' => text[1] == 'p' ? 3 : 7,
        (byte)'S' => 8,
        (byte)'O' => 9,
        (byte)'N' => 10,
        (byte)'D' => 11,
        _ => -1,
    };
}
