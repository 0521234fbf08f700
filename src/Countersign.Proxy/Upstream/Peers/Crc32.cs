namespace Countersign.Proxy.Upstream.Peers;

/// <summary>The CRC of Ethernet and zip, by which nginx hashes keys.</summary>
internal static class Crc32
{
    public const uint Initial = uint.MaxValue;

    private static readonly uint[] Table = [.. Enumerable.Range(0, 256).Select(static value => Entry((uint)value))];

    public static uint Of(ReadOnlySpan<byte> bytes) => ~Append(Initial, bytes);

    /// <summary>Goes on from <see cref="Initial"/> or an earlier result; the complement at the end is the caller's.</summary>
    public static uint Append(uint crc, ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes)
        {
            crc = Table[(byte)crc ^ value] ^ (crc >> 8);
        }
        return crc;
    }

    private static uint Entry(uint value)
    {
        for (var bit = 0; bit < 8; bit++)
        {
            value = (value & 1) != 0 ? 0xEDB88320 ^ (value >> 1) : value >> 1;
        }
        return value;
    }
}
