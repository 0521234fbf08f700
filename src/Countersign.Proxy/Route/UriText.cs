using System.Buffers;
using Countersign.Proxy.Request;

namespace Countersign.Proxy.Route;

/// <summary>Percent signs as nginx writes and reads them (<c>ngx_escape_uri</c>, <c>ngx_unescape_uri</c>).</summary>
internal static class UriText
{
    private const string Unprintable =
        "\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u0008\u0009\u000a\u000b\u000c\u000d\u000e\u000f"
        + "\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001b\u001c\u001d\u001e\u001f\u007f";

    private static readonly SearchValues<byte> InPath = Escaped(" \"#%?<>\\^`{|}");
    private static readonly SearchValues<byte> InArguments = Escaped(" \"#%&+;?<>\\^`{|}");

    /// <summary>A decoded path, to be put into a URI.</summary>
    public static Bytes EscapePath(Arena arena, Bytes path) =>
        path.Span.IndexOfAny(InPath) < 0 ? path : arena.Copy(Escape(path, InPath));

    /// <summary>A decoded piece of a path, to be put among arguments.</summary>
    public static byte[] EscapeArguments(ReadOnlySpan<byte> text) => Escape(text, InArguments);

    /// <summary>The target of a redirect: what was escaped without need is unescaped, up to the question mark.</summary>
    public static Bytes UnescapeRedirect(Arena arena, ReadOnlySpan<byte> text)
    {
        var result = arena.Allocate(text.Length, out var bytes);
        var length = 0;
        var at = 0;
        while (at < text.Length)
        {
            var b = text[at++];
            if (b == '?')
            {
                result[length++] = b;
                text[at..].CopyTo(result[length..]);
                return bytes.Slice(0, length + text.Length - at);
            }
            if (b != '%')
            {
                result[length++] = b;
                continue;
            }
            var high = at < text.Length ? Hex(text[at]) : -1;
            if (high < 0)
            {
                // As nginx: the percent sign of a broken escape is lost.
                if (at < text.Length)
                {
                    result[length++] = text[at++];
                }
                continue;
            }
            var low = ++at < text.Length ? Hex(text[at]) : -1;
            if (low < 0)
            {
                at++;
                continue;
            }
            var value = (high << 4) | low;
            at++;
            if (value == '?')
            {
                result[length++] = (byte)'?';
                text[at..].CopyTo(result[length..]);
                return bytes.Slice(0, length + text.Length - at);
            }
            if (value is > '%' and < 0x7f)
            {
                result[length++] = (byte)value;
            }
            else
            {
                text.Slice(at - 3, 3).CopyTo(result[length..]);
                length += 3;
            }
        }
        return bytes.Slice(0, length);
    }

    private static byte[] Escape(ReadOnlySpan<byte> text, SearchValues<byte> escaped)
    {
        var result = new byte[text.Length * 3];
        var length = 0;
        foreach (var b in text)
        {
            if (escaped.Contains(b))
            {
                result[length++] = (byte)'%';
                result[length++] = (byte)"0123456789ABCDEF"[b >> 4];
                result[length++] = (byte)"0123456789ABCDEF"[b & 15];
            }
            else
            {
                result[length++] = b;
            }
        }
        return result[..length];
    }

    private static SearchValues<byte> Escaped(string characters) =>
        SearchValues.Create([.. (characters + Unprintable).Select(c => (byte)c), .. Enumerable.Range(128, 128).Select(b => (byte)b)]);

    private static int Hex(byte b) => b switch
    {
        >= (byte)'0' and <= (byte)'9' => b - '0',
        >= (byte)'a' and <= (byte)'f' => b - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => b - 'A' + 10,
        _ => -1,
    };
}
