using System.Runtime.InteropServices;

namespace Countersign.Native;

/// <summary>The prints and transformations behind nginx's certificate variables.</summary>
internal static unsafe class CertificateText
{
    // XN_FLAG_RFC2253 with its escapes, so bytes above 127 come out as \XX.
    public static bool Name(nint bio, nint name) => NativeX509.PrintName(bio, name, 0, NativeX509.NameFlagsRfc2253) >= 0;

    public static bool Integer(nint bio, nint integer) => NativeX509.PrintInteger(bio, integer) >= 0;

    // A time that cannot be printed leaves "Bad time value", and nginx sends that.
    public static bool Time(nint bio, nint time)
    {
        _ = NativeX509.PrintTime(bio, time);
        return true;
    }

    public static bool Pem(nint bio, nint certificate) => NativeX509.WritePem(bio, certificate) != 0;

    public static byte[] LegacyName(nint name)
    {
        var text = NativeX509.NameLine(name, null, 0);
        if (text == null)
        {
            NativeError.Clear();
            return [];
        }
        var bytes = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(text).ToArray();
        NativeCrypto.FreeMemory(text, null, 0);
        return bytes;
    }

    public static byte[] StringBytes(nint text) =>
        text == 0 ? [] : new ReadOnlySpan<byte>(NativeX509.StringData(text), NativeX509.StringLength(text)).ToArray();

    public static byte[] WithTabs(ReadOnlySpan<byte> pem)
    {
        if (pem.IsEmpty)
        {
            return [];
        }
        pem = pem[..^1];
        var result = new byte[pem.Length + pem.Count((byte)'\n')];
        var at = 0;
        foreach (var symbol in pem)
        {
            result[at++] = symbol;
            if (symbol == '\n')
            {
                result[at++] = (byte)'\t';
            }
        }
        return result;
    }

    /// <summary>ngx_escape_uri with NGX_ESCAPE_URI_COMPONENT: all but RFC 3986's unreserved characters.</summary>
    public static byte[] Escape(ReadOnlySpan<byte> text)
    {
        var result = new List<byte>(text.Length * 5 / 4);
        foreach (var symbol in text)
        {
            if (char.IsAsciiLetterOrDigit((char)symbol) || symbol is (byte)'-' or (byte)'.' or (byte)'_' or (byte)'~')
            {
                result.Add(symbol);
                continue;
            }
            result.Add((byte)'%');
            result.Add("0123456789ABCDEF"u8[symbol >> 4]);
            result.Add("0123456789ABCDEF"u8[symbol & 15]);
        }
        return [.. result];
    }

    /// <returns>Null for a time that is none.</returns>
    public static DateTimeOffset? Moment(nint time)
    {
        // struct tm: seconds, minutes, hours, day, month from 0, year from 1900; 16 ints are room for any platform's tail.
        var parts = stackalloc int[16];
        if (NativeX509.TimeParts(time, parts) == 0)
        {
            NativeError.Clear();
            return null;
        }
        var year = parts[5] + 1900;
        return year is < 1 or > 9999
            ? null
            : new DateTimeOffset(year, parts[4] + 1, parts[3], parts[2], parts[1], 0, TimeSpan.Zero).AddSeconds(parts[0]);
    }
}
