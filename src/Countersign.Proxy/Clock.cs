using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Countersign.Proxy;

/// <summary>This second in the spellings that logs and headers want, composed once for all who ask in it.</summary>
public sealed class Clock(TimeProvider time)
{
    private readonly byte[] _date = new byte[29];
    private byte[] _local = [];
    private byte[] _iso = [];
    private long _second = -1;

    /// <summary>The Date header: <c>Mon, 23 Nov 2026 15:44:08 GMT</c>.</summary>
    public ReadOnlySpan<byte> Http
    {
        get
        {
            Renew();
            return _date;
        }
    }

    /// <summary>$time_local: <c>23/Nov/2026:15:44:08 +0000</c>.</summary>
    public ReadOnlySpan<byte> Local
    {
        get
        {
            Renew();
            return _local;
        }
    }

    /// <summary>$time_iso8601: <c>2026-11-23T15:44:08+00:00</c>.</summary>
    public ReadOnlySpan<byte> Iso
    {
        get
        {
            Renew();
            return _iso;
        }
    }

    private void Renew()
    {
        var now = time.GetUtcNow();
        var second = now.ToUnixTimeSeconds();
        if (second == _second)
        {
            return;
        }
        _second = second;
        _ = Utf8Formatter.TryFormat(DateTimeOffset.FromUnixTimeSeconds(second), _date, out _, 'R');
        var local = TimeZoneInfo.ConvertTime(now, time.LocalTimeZone);
        var offset = local.ToString("zzz", CultureInfo.InvariantCulture);
        _local = Encoding.ASCII.GetBytes(local.ToString("dd'/'MMM'/'yyyy':'HH':'mm':'ss ", CultureInfo.InvariantCulture) + offset.Remove(3, 1));
        _iso = Encoding.ASCII.GetBytes(local.ToString("yyyy'-'MM'-'dd'T'HH':'mm':'ss", CultureInfo.InvariantCulture) + offset);
    }
}
