using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Countersign.Native;

public enum SocketFamily : ushort
{
    Unspecified = 0,
    Unix = 1,
    IPv4 = 2,
    IPv6 = 10,
}

/// <summary>
/// A socket address as the kernel writes it. A value without references: keep one per connection and hand it to
/// <see cref="Socket.Accept"/> again and again.
/// </summary>
public struct SocketAddress
{
    private const int PathOffset = 2;
    private const int PathCapacity = 108;

    private Storage _bytes;
    private int _length;

    /// <summary>The part of the address in use, as bind(2) wants it; equal bytes are equal addresses.</summary>
    [UnscopedRef]
    public readonly ReadOnlySpan<byte> Bytes => MemoryMarshal.CreateReadOnlySpan(in Unsafe.As<Storage, byte>(ref Unsafe.AsRef(in _bytes)), _length);

    public readonly SocketFamily Family =>
        _length < PathOffset ? SocketFamily.Unspecified : (SocketFamily)MemoryMarshal.Read<ushort>(Bytes);

    /// <summary>Four or sixteen bytes in network order; empty for a unix socket.</summary>
    [UnscopedRef]
    public readonly ReadOnlySpan<byte> IPBytes => Family switch
    {
        SocketFamily.IPv4 => Bytes.Slice(4, 4),
        SocketFamily.IPv6 => Bytes.Slice(8, 16),
        _ => default,
    };

    /// <summary>0 for a unix socket.</summary>
    public readonly int Port => Family is SocketFamily.IPv4 or SocketFamily.IPv6 ? BinaryPrimitives.ReadUInt16BigEndian(Bytes[2..]) : 0;

    /// <summary>The path of a unix socket, up to its NUL; empty for an unnamed one, and for all others.</summary>
    [UnscopedRef]
    public readonly ReadOnlySpan<byte> UnixPath
    {
        get
        {
            if (Family != SocketFamily.Unix)
            {
                return default;
            }
            var path = Bytes[PathOffset..];
            var end = path.IndexOf((byte)0);
            return end < 0 ? path : path[..end];
        }
    }

    /// <param name="bytes">As <see cref="Bytes"/> had them.</param>
    public static SocketAddress FromBytes(ReadOnlySpan<byte> bytes)
    {
        SocketAddress result = default;
        result._length = bytes.Length;
        bytes.CopyTo(result.Writable);
        return result;
    }

    public static SocketAddress FromIP(IPAddress address, int port)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)port, 65535u);
        SocketAddress result = default;
        var six = address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6;
        result._length = six ? 28 : 16;
        var bytes = result.Writable;
        MemoryMarshal.Write(bytes, (ushort)(six ? SocketFamily.IPv6 : SocketFamily.IPv4));
        BinaryPrimitives.WriteUInt16BigEndian(bytes[2..], (ushort)port);
        address.TryWriteBytes(bytes[(six ? 8 : 4)..], out _);
        if (six)
        {
            MemoryMarshal.Write(bytes[24..], (uint)address.ScopeId);
        }
        return result;
    }

    /// <summary>A leading '@' names an abstract socket, as systemd writes it.</summary>
    /// <exception cref="ArgumentException">The path has more than 107 bytes.</exception>
    public static SocketAddress FromUnixPath(string path)
    {
        var count = Encoding.UTF8.GetByteCount(path);
        if (count is 0 or >= PathCapacity)
        {
            throw new ArgumentException("The path of a unix socket has 1 to 107 bytes.", nameof(path));
        }
        SocketAddress result = default;
        var isAbstract = path[0] == '@';
        // An abstract name ends where the length says; a NUL more would be another name.
        result._length = PathOffset + count + (isAbstract ? 0 : 1);
        var bytes = result.Writable;
        MemoryMarshal.Write(bytes, (ushort)SocketFamily.Unix);
        Encoding.UTF8.GetBytes(path, bytes[PathOffset..]);
        if (isAbstract)
        {
            bytes[PathOffset] = 0;
        }
        return result;
    }

    public readonly EndPoint? ToEndPoint() => Family switch
    {
        SocketFamily.IPv4 or SocketFamily.IPv6 => new IPEndPoint(ToIPAddress()!, Port),
        SocketFamily.Unix when !UnixPath.IsEmpty => new System.Net.Sockets.UnixDomainSocketEndPoint(Encoding.UTF8.GetString(UnixPath)),
        _ => null,
    };

    public readonly IPAddress? ToIPAddress() => Family switch
    {
        SocketFamily.IPv4 => new IPAddress(IPBytes),
        SocketFamily.IPv6 => new IPAddress(IPBytes, MemoryMarshal.Read<uint>(Bytes[24..])),
        _ => null,
    };

    /// <inheritdoc cref="SocketAddressText.Format"/>
    public readonly int Format(Span<byte> destination, bool withPort) => SocketAddressText.Format(in this, destination, withPort);

    public override readonly string ToString()
    {
        Span<byte> text = stackalloc byte[SocketAddressText.MaximumLength];
        return Encoding.UTF8.GetString(text[..Format(text, withPort: true)]);
    }

    [UnscopedRef]
    internal Span<byte> Writable => MemoryMarshal.CreateSpan(ref Unsafe.As<Storage, byte>(ref _bytes), StorageLength);

    // accept4 and getsockname report the full length of a longer address; we never own more than the storage.
    internal void SetLength(uint length) => _length = (int)Math.Min(length, StorageLength);

    internal const int StorageLength = 112;

    [InlineArray(StorageLength)]
    private struct Storage
    {
        private byte _first;
    }
}
