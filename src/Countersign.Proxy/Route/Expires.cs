using System.Globalization;
using System.Text;
using Countersign.Configuration;
using Countersign.Configuration.Directives;
using Countersign.Proxy.Request;

namespace Countersign.Proxy.Route;

/// <summary>expires: the Expires and Cache-Control lines of an answer.</summary>
internal static class Expires
{
    private static readonly Bytes ExpiresName = new("Expires"u8.ToArray());
    private static readonly Bytes CacheControlName = new("Cache-Control"u8.ToArray());

    public static void Apply(Exchange exchange, HeaderSettings settings)
    {
        var (kind, seconds) = (settings.Expires, (long)settings.ExpiresTime.TotalSeconds);
        if (settings.ExpiresValue is { } value
            && (!TryParse(Values.Evaluate(exchange, value).Span, ref kind, out seconds) || kind == ExpiresKind.Off))
        {
            return;
        }
        var time = exchange.Worker.Time;
        var (expires, cacheControl) = Lines(kind, seconds, exchange.Response.LastModified, time.GetUtcNow(), time.LocalTimeZone);
        Replace(exchange.Response.Headers, ExpiresName, expires);
        Replace(exchange.Response.Headers, CacheControlName, cacheControl);
    }

    /// <summary>Takes the place of the first line of that name; a backend's others go.</summary>
    private static void Replace(HeaderList headers, Bytes name, string value)
    {
        var field = new HeaderField(name, new Bytes(Encoding.ASCII.GetBytes(value)));
        var first = headers.IndexOf(name);
        if (first < 0)
        {
            headers.Add(field);
            return;
        }
        headers.Replace(first, field);
        for (var other = headers.IndexOf(name, first + 1); other >= 0; other = headers.IndexOf(name, other))
        {
            headers.RemoveAt(other);
        }
    }

    /// <param name="seconds">From now, from the last change, or (daily) from midnight.</param>
    /// <param name="lastModified">Unix seconds, or -1.</param>
    internal static (string Expires, string CacheControl) Lines(
        ExpiresKind kind, long seconds, long lastModified, DateTimeOffset now, TimeZoneInfo zone)
    {
        switch (kind)
        {
            case ExpiresKind.Epoch:
                return ("Thu, 01 Jan 1970 00:00:01 GMT", "no-cache");
            case ExpiresKind.Max:
                return ("Thu, 31 Dec 2037 23:55:55 GMT", "max-age=315360000");
        }
        var present = now.ToUnixTimeSeconds();
        if (seconds == 0 && kind != ExpiresKind.Daily)
        {
            return (Format(present), "max-age=0");
        }
        var moment = kind switch
        {
            ExpiresKind.Daily => Next(seconds, now, zone),
            ExpiresKind.Modified when lastModified != -1 => lastModified + seconds,
            _ => present + seconds,
        };
        var age = moment - present;
        return (Format(moment), age < 0 || (seconds < 0 && kind != ExpiresKind.Daily)
            ? "no-cache"
            : string.Create(CultureInfo.InvariantCulture, $"max-age={age}"));
    }

    private static string Format(long seconds) => DateTimeOffset.FromUnixTimeSeconds(seconds).ToString("R", CultureInfo.InvariantCulture);

    /// <summary>The next time the clock on the wall shows it (<c>ngx_next_time</c>).</summary>
    private static long Next(long secondsOfDay, DateTimeOffset now, TimeZoneInfo zone)
    {
        var local = TimeZoneInfo.ConvertTime(now, zone);
        var today = local.DateTime.Date.AddSeconds(secondsOfDay);
        var moment = new DateTimeOffset(today, zone.GetUtcOffset(today)).ToUnixTimeSeconds();
        if (moment > now.ToUnixTimeSeconds())
        {
            return moment;
        }
        var tomorrow = today.AddDays(1);
        return new DateTimeOffset(tomorrow, zone.GetUtcOffset(tomorrow)).ToUnixTimeSeconds();
    }

    /// <summary>The value of a variable, as the directive reads its argument; what it could not be has no effect.</summary>
    internal static bool TryParse(ReadOnlySpan<byte> text, ref ExpiresKind kind, out long seconds)
    {
        seconds = 0;
        if (kind != ExpiresKind.Modified)
        {
            if (text.SequenceEqual("epoch"u8))
            {
                kind = ExpiresKind.Epoch;
                return true;
            }
            if (text.SequenceEqual("max"u8))
            {
                kind = ExpiresKind.Max;
                return true;
            }
            if (text.SequenceEqual("off"u8))
            {
                kind = ExpiresKind.Off;
                return true;
            }
        }
        var isPast = false;
        if (text is [(byte)'@', ..])
        {
            if (kind == ExpiresKind.Modified)
            {
                return false;
            }
            kind = ExpiresKind.Daily;
            text = text[1..];
        }
        else if (text is [(byte)'+' or (byte)'-', ..])
        {
            isPast = text[0] == '-';
            text = text[1..];
        }
        if (Units.Time(Encoding.Latin1.GetString(text), seconds: true) is not { } time
            || (kind == ExpiresKind.Daily && time > TimeSpan.FromDays(1)))
        {
            return false;
        }
        seconds = (isPast ? -1 : 1) * (long)time.TotalSeconds;
        return true;
    }
}
