using System.Buffers;
using Countersign.Proxy.Request;

namespace Countersign.Proxy.Watch;

/// <summary>log_format escape=default and escape=json, byte for byte.</summary>
internal static class LogEscapes
{
    private static readonly SearchValues<byte> Unsafe = SearchValues.Create(
        [.. Enumerable.Range(0, 256).Where(b => b is < 32 or '"' or '\\' or >= 127).Select(b => (byte)b)]);

    private static readonly SearchValues<byte> Special = SearchValues.Create(
        [.. Enumerable.Range(0, 128).Where(b => b is < 32 or '"' or '\\').Select(b => (byte)b)]);

    /// <summary>Control characters, quotes, backslashes and all bytes from 127 on become <c>\x</c> and two digits (<c>ngx_http_log_escape</c>).</summary>
    public static void Default(ReadOnlySpan<byte> text, ref ArenaText line)
    {
        for (int at; (at = text.IndexOfAny(Unsafe)) >= 0; text = text[(at + 1)..])
        {
            line.Add(text[..at]);
            line.Add("\\x"u8);
            AddHex(text[at], ref line);
        }
        line.Add(text);
    }

    /// <summary>What JSON wants inside a string, and nothing more: bytes from 127 on stay as they are (<c>ngx_escape_json</c>).</summary>
    public static void Json(ReadOnlySpan<byte> text, ref ArenaText line)
    {
        for (int at; (at = text.IndexOfAny(Special)) >= 0; text = text[(at + 1)..])
        {
            line.Add(text[..at]);
            switch (text[at])
            {
                case (byte)'"':
                    line.Add("\\\""u8);
                    break;
                case (byte)'\\':
                    line.Add("\\\\"u8);
                    break;
                case (byte)'\n':
                    line.Add("\\n"u8);
                    break;
                case (byte)'\r':
                    line.Add("\\r"u8);
                    break;
                case (byte)'\t':
                    line.Add("\\t"u8);
                    break;
                case (byte)'\b':
                    line.Add("\\b"u8);
                    break;
                case (byte)'\f':
                    line.Add("\\f"u8);
                    break;
                default:
                    line.Add("\\u00"u8);
                    AddHex(text[at], ref line);
                    break;
            }
        }
        line.Add(text);
    }

    private static void AddHex(byte b, ref ArenaText line)
    {
        line.Add("0123456789ABCDEF"u8.Slice(b >> 4, 1));
        line.Add("0123456789ABCDEF"u8.Slice(b & 15, 1));
    }
}
