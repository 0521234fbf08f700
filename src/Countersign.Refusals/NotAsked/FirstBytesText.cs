using System.Text;

namespace Countersign.Refusals;

/// <summary>What a connection begins with, where it is no TLS.</summary>
internal enum FirstBytesKind
{
    Unknown,
    Http,
    ProxyProtocol,
    Ssh,
}

internal static class FirstBytesText
{
    private static ReadOnlySpan<byte> BinaryProxy => [0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a];

    public static FirstBytesKind KindOf(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith("PROXY "u8) || bytes.StartsWith(BinaryProxy) ? FirstBytesKind.ProxyProtocol
        : bytes.StartsWith("SSH-"u8) ? FirstBytesKind.Ssh
        : IsHttp(bytes) ? FirstBytesKind.Http
        : FirstBytesKind.Unknown;

    /// <summary>Printable ones in quotes, others as <c>\x00</c>; at most 32 of them.</summary>
    public static string Of(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder("\"");
        foreach (var each in bytes[..Math.Min(bytes.Length, 32)])
        {
            text.Append(each is >= 0x20 and < 0x7f and not (byte)'"' and not (byte)'\\' ? (char)each : $"\\x{each:x2}");
        }
        return text.Append('"').Append(bytes.Length > 32 ? "..." : "").ToString();
    }

    private static bool IsHttp(ReadOnlySpan<byte> bytes)
    {
        var space = bytes.IndexOf((byte)' ');
        if (space is < 3 or > 16)
        {
            return false;
        }
        foreach (var letter in bytes[..space])
        {
            if (letter is < (byte)'A' or > (byte)'Z')
            {
                return false;
            }
        }
        return bytes.Length > space + 1 && (bytes[space + 1] is (byte)'/' or (byte)'*' or (byte)'h');
    }
}
