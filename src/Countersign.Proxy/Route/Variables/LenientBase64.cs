using System.Buffers.Text;
using Countersign.Proxy.Request;

namespace Countersign.Proxy.Route.Variables;

/// <summary>ngx_decode_base64: ends at the first <c>=</c> and asks for no padding, so that names differ in nothing from nginx's.</summary>
internal static class LenientBase64
{
    private const int LongestAtOnce = 1024;

    /// <returns>Null bytes for what is no base64.</returns>
    public static Bytes Decode(Arena arena, ReadOnlySpan<byte> text)
    {
        var end = text.IndexOf((byte)'=');
        text = end < 0 ? text : text[..end];
        // .NET skips white space, nginx refuses it.
        if (text.Length % 4 == 1 || text.IndexOfAny(" \t\r\n"u8) >= 0)
        {
            return default;
        }
        var padded = (text.Length + 3) & ~3;
        Span<byte> room = padded <= LongestAtOnce ? stackalloc byte[padded] : new byte[padded];
        text.CopyTo(room);
        room[text.Length..].Fill((byte)'=');
        if (Base64.DecodeFromUtf8InPlace(ZeroTail(room, text.Length), out var length) != System.Buffers.OperationStatus.Done)
        {
            return default;
        }
        return arena.Copy(room[..length]);
    }

    /// <summary>Bits of the last symbol that make no whole byte: .NET wants zeros there, nginx does not look.</summary>
    private static Span<byte> ZeroTail(Span<byte> padded, int length)
    {
        const string Symbols = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        var unused = (length % 4) switch { 2 => 4, 3 => 2, _ => 0 };
        if (unused > 0 && Symbols.IndexOf((char)padded[length - 1], StringComparison.Ordinal) is var value and >= 0)
        {
            padded[length - 1] = (byte)Symbols[value >> unused << unused];
        }
        return padded;
    }
}
