namespace Countersign.Configuration.Directives;

/// <summary>Numbers, sizes and times as nginx reads them; null for what it refuses.</summary>
public static class Units
{
    /// <summary>ngx_atoi: digits only.</summary>
    public static long? Number(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
        {
            return null;
        }
        var value = 0L;
        foreach (var c in text)
        {
            if (!char.IsAsciiDigit(c) || value > (long.MaxValue - (c - '0')) / 10)
            {
                return null;
            }
            value = value * 10 + (c - '0');
        }
        return value;
    }

    public static long? Size(ReadOnlySpan<char> text) => Scaled(text, allowGiga: false);

    public static long? Offset(ReadOnlySpan<char> text) => Scaled(text, allowGiga: true);

    private static long? Scaled(ReadOnlySpan<char> text, bool allowGiga)
    {
        if (text.IsEmpty)
        {
            return null;
        }
        var scale = text[^1] switch
        {
            'k' or 'K' => 1L << 10,
            'm' or 'M' => 1L << 20,
            'g' or 'G' when allowGiga => 1L << 30,
            _ => 1,
        };
        var value = Number(scale == 1 ? text : text[..^1]);
        return value > long.MaxValue / scale ? null : value * scale;
    }

    /// <summary>ngx_parse_time: units in descending order, each at most once, a bare number is seconds. Times beyond what
    /// <see cref="TimeSpan"/> holds are refused.</summary>
    public static TimeSpan? Time(ReadOnlySpan<char> text, bool seconds)
    {
        var step = seconds ? Step.Start : Step.Month;
        var digits = false;
        long value = 0, total = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsAsciiDigit(text[i]))
            {
                value = value * 10 + (text[i] - '0');
                digits = true;
                if (value > int.MaxValue * 1000L)
                {
                    return null;
                }
                continue;
            }
            var milliseconds = text[i] == 'm' && i + 1 < text.Length && text[i + 1] == 's';
            var (unit, scale) = text[i] switch
            {
                'y' => (Step.Year, 60 * 60 * 24 * 365_000L),
                'M' => (Step.Month, 60 * 60 * 24 * 30_000L),
                'w' => (Step.Week, 60 * 60 * 24 * 7_000L),
                'd' => (Step.Day, 60 * 60 * 24 * 1_000L),
                'h' => (Step.Hour, 60 * 60 * 1_000L),
                'm' when milliseconds => (Step.Millisecond, 1L),
                'm' => (Step.Minute, 60 * 1_000L),
                's' => (Step.Second, 1_000L),
                ' ' => (Step.Second, 1_000L),
                _ => (Step.Start, 0L),
            };
            if (unit == Step.Start || step >= unit || (milliseconds && seconds))
            {
                return null;
            }
            step = text[i] == ' ' ? Step.Last : unit;
            total += value * scale;
            value = 0;
            i += milliseconds ? 1 : 0;
            while (i + 1 < text.Length && text[i + 1] == ' ')
            {
                i++;
            }
        }
        total += value * 1000;
        return digits && total is >= 0 and < long.MaxValue / TimeSpan.TicksPerMillisecond ? TimeSpan.FromMilliseconds(total) : null;
    }

    private enum Step { Start, Year, Month, Week, Day, Hour, Minute, Second, Millisecond, Last }
}
