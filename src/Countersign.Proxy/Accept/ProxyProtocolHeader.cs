using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Countersign.Native;

namespace Countersign.Proxy.Accept;

/// <summary><see cref="Incomplete"/>: nothing wrong so far. nginx looks once at what has arrived and takes it for broken then;
/// who waits for the rest instead serves clients whose header comes in two packets.</summary>
public enum ProxyProtocolResult { Incomplete, Done, Invalid }

/// <summary>
/// The header that a load balancer sends first (<c>listen ... proxy_protocol</c>), version 1 or 2, accepted as
/// <c>ngx_proxy_protocol_read</c> accepts it. Addresses are text: nginx keeps those of version 1 as they were sent, and only
/// <c>set_real_ip_from</c> looks whether they are addresses at all.
/// </summary>
public sealed class ProxyProtocolHeader
{
    /// <summary>Bytes of the longest header (<c>NGX_PROXY_PROTOCOL_MAX_HEADER</c>). The protocol ends a version 1 line at 107; nginx does not.</summary>
    public const int MaximumLength = 4096;

    private const int BinaryHead = 16;

    private static ReadOnlySpan<byte> Signature => "\r\n\r\n\0\r\nQUIT\n"u8;

    private static ReadOnlySpan<byte> AddressBytes => "0123456789abcdefABCDEF:."u8;

    /// <summary>Bytes of the header; what follows is the client's. 0 unless the result is <see cref="ProxyProtocolResult.Done"/>.</summary>
    public int Length { get; private init; }

    /// <summary>False for UNKNOWN, LOCAL and all that is no TCP over IP: the connection keeps its own addresses.</summary>
    public bool HasAddresses => Source is not null;

    /// <summary>$proxy_protocol_addr, null without addresses.</summary>
    public byte[]? Source { get; private init; }
    /// <summary>$proxy_protocol_server_addr, null without addresses.</summary>
    public byte[]? Destination { get; private init; }
    public int SourcePort { get; private init; }
    public int DestinationPort { get; private init; }

    /// <summary>The type-length-value part of version 2, unread ($proxy_protocol_tlv_...); empty in version 1.</summary>
    public byte[] Extensions { get; private init; } = [];

    /// <summary>nginx's words for an invalid header, null where it has none.</summary>
    public string? Problem { get; private init; }

    /// <summary>Reads the first bytes of a connection, always from the first one.</summary>
    public static ProxyProtocolResult Parse(ReadOnlySpan<byte> input, out ProxyProtocolHeader header)
    {
        var binary = input[..Math.Min(input.Length, Signature.Length)];
        if (Signature.StartsWith(binary))
        {
            return input.Length < BinaryHead ? Incomplete(out header) : ParseBinary(input, out header);
        }
        return ParseText(input, out header);
    }

    private static ProxyProtocolResult ParseText(ReadOnlySpan<byte> input, out ProxyProtocolHeader header)
    {
        var line = new TextLine(input[..Math.Min(input.Length, MaximumLength)]);
        header = new();
        if (line.Skip("PROXY "u8))
        {
            if (line.Skip("UNKNOWN"u8))
            {
                header = new() { Length = line.SkipPast("\r\n"u8) };
            }
            else if (line.Skip("TCP"u8) && line.SkipOneOf("46"u8) && line.Skip(" "u8)
                && line.TakeWhile(AddressBytes, (byte)' ') is { } source && line.TakeWhile(AddressBytes, (byte)' ') is { } destination
                && line.TakePort((byte)' ') is { } sourcePort && line.TakePort((byte)'\r') is { } destinationPort && line.Skip("\n"u8))
            {
                header = new()
                {
                    Length = line.Position,
                    Source = source,
                    Destination = destination,
                    SourcePort = sourcePort,
                    DestinationPort = destinationPort,
                };
            }
        }
        if (header.Length > 0)
        {
            return ProxyProtocolResult.Done;
        }
        if (line.RanOut && input.Length < MaximumLength)
        {
            return Incomplete(out header);
        }
        var end = input.IndexOfAny((byte)'\r', (byte)'\n');
        var shown = Encoding.Latin1.GetString(end < 0 ? input : input[..end]);
        return Invalid($"broken header: \"{shown}\"", out header);
    }

    private static ProxyProtocolResult ParseBinary(ReadOnlySpan<byte> input, out ProxyProtocolHeader header)
    {
        var version = input[12] >> 4;
        if (version != 2)
        {
            return Invalid($"unknown PROXY protocol version: {version}", out header);
        }
        var length = BinaryHead + BinaryPrimitives.ReadUInt16BigEndian(input[14..]);
        if (length > MaximumLength)
        {
            return Invalid("header is too large", out header);
        }
        if (input.Length < length)
        {
            return Incomplete(out header);
        }
        var (isProxy, isStream) = ((input[12] & 0x0f) == 1, (input[13] & 0x0f) == 1);
        var addressLength = (input[13] >> 4) switch { 1 => 4, 2 => 16, _ => 0 };
        if (!isProxy || !isStream || addressLength == 0)
        {
            header = new() { Length = length };
            return ProxyProtocolResult.Done;
        }
        var body = input[BinaryHead..length];
        var ports = addressLength * 2;
        if (body.Length < ports + 4)
        {
            return Invalid(null, out header);
        }
        header = new()
        {
            Length = length,
            Source = AddressText(body[..addressLength]),
            Destination = AddressText(body[addressLength..ports]),
            SourcePort = BinaryPrimitives.ReadUInt16BigEndian(body[ports..]),
            DestinationPort = BinaryPrimitives.ReadUInt16BigEndian(body[(ports + 2)..]),
            Extensions = body[(ports + 4)..].ToArray(),
        };
        return ProxyProtocolResult.Done;
    }

    private static byte[] AddressText(ReadOnlySpan<byte> address)
    {
        Span<byte> text = stackalloc byte[SocketAddressText.MaximumLength];
        return text[..SocketAddress.FromIP(new System.Net.IPAddress(address), 0).Format(text, withPort: false)].ToArray();
    }

    private static ProxyProtocolResult Incomplete(out ProxyProtocolHeader header)
    {
        header = new();
        return ProxyProtocolResult.Incomplete;
    }

    private static ProxyProtocolResult Invalid(string? problem, out ProxyProtocolHeader header)
    {
        header = new() { Problem = problem };
        return ProxyProtocolResult.Invalid;
    }

    /// <summary>A cursor that remembers whether it failed only because the bytes ended.</summary>
    private ref struct TextLine(ReadOnlySpan<byte> input)
    {
        private readonly ReadOnlySpan<byte> _input = input;

        public int Position { get; private set; }
        public bool RanOut { get; private set; }

        public bool Skip(ReadOnlySpan<byte> expected)
        {
            var rest = _input[Position..];
            if (rest.StartsWith(expected))
            {
                Position += expected.Length;
                return true;
            }
            RanOut |= expected.StartsWith(rest);
            return false;
        }

        public bool SkipOneOf(ReadOnlySpan<byte> expected)
        {
            RanOut |= Position == _input.Length;
            return Position < _input.Length && expected.Contains(_input[Position++]);
        }

        /// <returns>The place behind it, or 0.</returns>
        public int SkipPast(ReadOnlySpan<byte> expected)
        {
            var at = _input[Position..].IndexOf(expected);
            RanOut |= at < 0;
            return at < 0 ? 0 : Position + at + expected.Length;
        }

        public byte[]? TakeWhile(ReadOnlySpan<byte> allowed, byte separator)
        {
            var rest = _input[Position..];
            var length = rest.IndexOfAnyExcept(allowed);
            RanOut |= length < 0;
            if (length < 0 || rest[length] != separator)
            {
                return null;
            }
            Position += length + 1;
            return rest[..length].ToArray();
        }

        // As nginx: any number of leading zeros, and at most 65535.
        public int? TakePort(byte separator) =>
            TakeWhile("0123456789"u8, separator) is { Length: > 0 } digits
            && ushort.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? port : null;
    }
}
