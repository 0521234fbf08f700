using System.Buffers.Binary;
using System.Globalization;

namespace Countersign.Native;

/// <summary>Addresses as nginx writes them into logs and $remote_addr.</summary>
public static class SocketAddressText
{
    /// <summary>Enough for every address: "unix:" and 108 bytes of path.</summary>
    public const int MaximumLength = 120;

    /// <summary>
    /// "127.0.0.1", "::1", "unix:"; with port "127.0.0.1:443", "[::1]:443". A unix socket shows its path either way.
    /// Allocates nothing.
    /// </summary>
    /// <returns>How many bytes of <paramref name="destination"/> were written.</returns>
    /// <exception cref="ArgumentException">The destination has fewer than <see cref="MaximumLength"/> bytes.</exception>
    public static int Format(in SocketAddress address, Span<byte> destination, bool withPort)
    {
        if (destination.Length < MaximumLength)
        {
            throw new ArgumentException("The destination is shorter than an address may be.", nameof(destination));
        }
        var at = 0;
        switch (address.Family)
        {
            case SocketFamily.IPv4:
                at = FormatIPv4(address.IPBytes, destination);
                break;
            case SocketFamily.IPv6 when withPort:
                destination[at++] = (byte)'[';
                at += FormatIPv6(address.IPBytes, destination[at..]);
                destination[at++] = (byte)']';
                break;
            case SocketFamily.IPv6:
                at = FormatIPv6(address.IPBytes, destination);
                break;
            case SocketFamily.Unix:
                "unix:"u8.CopyTo(destination);
                address.UnixPath.CopyTo(destination[5..]);
                return 5 + address.UnixPath.Length;
            default:
                return 0;
        }
        if (withPort)
        {
            destination[at++] = (byte)':';
            at += Number(address.Port, destination[at..], "D");
        }
        return at;
    }

    private static int FormatIPv4(ReadOnlySpan<byte> ip, Span<byte> destination)
    {
        var at = 0;
        for (var i = 0; i < 4; i++)
        {
            if (i > 0)
            {
                destination[at++] = (byte)'.';
            }
            at += Number(ip[i], destination[at..], "D");
        }
        return at;
    }

    // As nginx: the first of the longest runs of zero groups is shortened, and a mapped or compatible
    // address ends in dotted form.
    private static int FormatIPv6(ReadOnlySpan<byte> ip, Span<byte> destination)
    {
        var (start, groups) = LongestZeroRun(ip);
        var mapped = start == 0 && groups == 5 && ip[10] == 0xff && ip[11] == 0xff;
        var dotted = mapped || start == 0 && (groups == 6 || groups == 7 && ip[14] != 0 && ip[15] != 1);
        var count = dotted ? 6 : 8;
        var at = 0;
        if (start == 0)
        {
            destination[at++] = (byte)':';
        }
        for (var group = 0; group < count; group++)
        {
            if (group == start)
            {
                destination[at++] = (byte)':';
                group += groups - 1;
                continue;
            }
            at += Number(BinaryPrimitives.ReadUInt16BigEndian(ip[(group * 2)..]), destination[at..], "x");
            if (group < 7)
            {
                destination[at++] = (byte)':';
            }
        }
        return dotted ? at + FormatIPv4(ip[12..], destination[at..]) : at;
    }

    private static (int Start, int Groups) LongestZeroRun(ReadOnlySpan<byte> ip)
    {
        var (start, groups) = (-1, 1);
        for (var group = 0; group < 8; group++)
        {
            var end = group;
            while (end < 8 && ip[end * 2] == 0 && ip[end * 2 + 1] == 0)
            {
                end++;
            }
            if (end - group > groups)
            {
                (start, groups) = (group, end - group);
            }
            group = Math.Max(group, end - 1);
        }
        return (start, groups);
    }

    private static int Number(int value, Span<byte> destination, ReadOnlySpan<char> format)
    {
        value.TryFormat(destination, out var written, format, CultureInfo.InvariantCulture);
        return written;
    }
}
