using System.Buffers.Text;

namespace Countersign.Load;

/// <summary>The length of what follows a head.</summary>
internal static class ContentLength
{
    /// <returns>Null when the head has none.</returns>
    public static long? Of(ReadOnlySpan<byte> head)
    {
        // HAProxy writes every name in small letters.
        var at = head.IndexOf("\r\nContent-Length: "u8);
        at = at < 0 ? head.IndexOf("\r\ncontent-length: "u8) : at;
        return at >= 0 && Utf8Parser.TryParse(head[(at + 18)..], out long length, out _) ? length : null;
    }
}
