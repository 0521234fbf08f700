using System.Buffers;
using System.Buffers.Text;
using Countersign.Proxy.Request;

namespace Countersign.Proxy.Route.Variables;

/// <summary>ngx_decode_base64: ends at the first <c>=</c> and wants no padding, so that names differ in nothing from nginx's.</summary>
internal static class LenientBase64
{
    private static ReadOnlySpan<byte> Alphabet => "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"u8;

    private static readonly SearchValues<byte> Letters = SearchValues.Create(Alphabet);

    /// <returns>Null bytes for what is no base64.</returns>
    public static Bytes Decode(Arena arena, ReadOnlySpan<byte> text)
    {
        var end = text.IndexOf((byte)'=');
        text = end < 0 ? text : text[..end];
        if (text.Length % 4 == 1 || text.IndexOfAnyExcept(Letters) >= 0)
        {
            return default;
        }
        var padded = arena.Allocate((text.Length + 3) / 4 * 4, out var decoded);
        text.CopyTo(padded);
        padded[text.Length..].Fill((byte)'=');
        ClearUnusedBits(padded[..text.Length]);
        _ = Base64.DecodeFromUtf8InPlace(padded, out var length);
        return decoded.Slice(0, length);
    }

    /// <summary>Bits of the last letter that belong to no byte may be anything for nginx, and must be clear for .NET.</summary>
    private static void ClearUnusedBits(Span<byte> letters)
    {
        var mask = (letters.Length % 4) switch { 2 => 0x30, 3 => 0x3C, _ => 0x3F };
        if (mask != 0x3F)
        {
            letters[^1] = Alphabet[Alphabet.IndexOf(letters[^1]) & mask];
        }
    }
}
