using System.Buffers;
using System.Buffers.Text;
using System.Runtime.InteropServices;

namespace Countersign.Native;

/// <summary>The prints and transformations behind nginx's certificate variables.</summary>
internal static unsafe class CertificateText
{
    private static readonly SearchValues<byte> Plain =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"u8);

    // XN_FLAG_RFC2253 with its escapes, so bytes above 127 come out as \XX.
    public static bool Name(nint bio, nint name) => NativeX509.PrintName(bio, name, 0, NativeX509.NameFlagsRfc2253) >= 0;

    public static bool Integer(nint bio, nint integer) => NativeX509.PrintInteger(bio, integer) >= 0;

    // A time that cannot be printed leaves "Bad time value", and nginx sends that.
    public static bool Time(nint bio, nint time)
    {
        _ = NativeX509.PrintTime(bio, time);
        return true;
    }

    /// <summary>What PEM_write_bio_X509() writes, without its BIO: a gate that hands certificates on makes one for every client.</summary>
    public static byte[] Pem(ReadOnlySpan<byte> der)
    {
        if (der.IsEmpty)
        {
            return [];
        }
        const int Bytes = 48;
        var begin = "-----BEGIN CERTIFICATE-----\n"u8;
        var end = "-----END CERTIFICATE-----\n"u8;
        var lines = (der.Length + Bytes - 1) / Bytes;
        var result = new byte[begin.Length + Base64.GetMaxEncodedToUtf8Length(der.Length) + lines + end.Length];
        begin.CopyTo(result);
        var at = begin.Length;
        for (; !der.IsEmpty; der = der[Math.Min(Bytes, der.Length)..])
        {
            Base64.EncodeToUtf8(der[..Math.Min(Bytes, der.Length)], result.AsSpan(at), out _, out var written);
            at += written;
            result[at++] = (byte)'\n';
        }
        end.CopyTo(result.AsSpan(at));
        return result;
    }

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
        var result = new byte[text.Length + (2 * CountExcept(text))];
        var at = 0;
        foreach (var symbol in text)
        {
            if (Plain.Contains(symbol))
            {
                result[at++] = symbol;
                continue;
            }
            result[at] = (byte)'%';
            result[at + 1] = "0123456789ABCDEF"u8[symbol >> 4];
            result[at + 2] = "0123456789ABCDEF"u8[symbol & 15];
            at += 3;
        }
        return result;
    }

    private static int CountExcept(ReadOnlySpan<byte> text)
    {
        var count = 0;
        foreach (var symbol in text)
        {
            count += Plain.Contains(symbol) ? 0 : 1;
        }
        return count;
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
