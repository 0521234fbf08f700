using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Countersign.Proxy.Accept;

namespace Countersign.Fuzz.Targets;

/// <summary>The header of a load balancer beside a pattern for version 1 and offsets for version 2, and beside its own prefixes.</summary>
public sealed partial class ProxyProtocol : FuzzTarget
{
    public override string Name => "ProxyProtocol";

    public override IReadOnlyList<string> Dictionary { get; } =
        ["PROXY ", "TCP4 ", "TCP6 ", "UNKNOWN", "\r\n", " ", "65535 ", "65536\r", "::1 ", "127.0.0.1 ", "\r\n\r\n\0\r\nQUIT\n", "\u0021\u0011", "\u0020\0", "\0\u000c"];

    private sealed record Header(ProxyProtocolResult Result, int Length = 0, string? Source = null, int SourcePort = 0, string? Destination = null, int DestinationPort = 0);

    public override void Try(byte[] input)
    {
        var whole = Read(input);
        if (Expected(input) is { } expected)
        {
            whole.ShouldBe(expected);
        }
        else
        {
            whole.Result.ShouldNotBe(ProxyProtocolResult.Done);
        }
        var length = 0;
        while (length < input.Length && Read(input.AsSpan(0, length)).Result == ProxyProtocolResult.Incomplete)
        {
            length++;
        }
        Read(input.AsSpan(0, length)).ShouldBe(whole, "as soon as it can be told, and whatever follows");
    }

    private static Header Read(ReadOnlySpan<byte> input)
    {
        var result = ProxyProtocolHeader.Parse(input, out var header);
        return new(result, header.Length, Text(header.Source), header.SourcePort, Text(header.Destination), header.DestinationPort);
    }

    private static string? Text(byte[]? bytes) => bytes is null ? null : Encoding.Latin1.GetString(bytes);

    /// <summary>What a header that has come whole says, or null.</summary>
    private static Header? Expected(byte[] input)
    {
        var text = Encoding.Latin1.GetString(input.AsSpan(0, Math.Min(input.Length, ProxyProtocolHeader.MaximumLength)));
        if (Unknown().Match(text) is { Success: true } unknown)
        {
            return new(ProxyProtocolResult.Done, unknown.Length);
        }
        if (Tcp().Match(text) is { Success: true } tcp)
        {
            return Port(tcp, "sport") is { } sourcePort && Port(tcp, "dport") is { } destinationPort
                ? new(ProxyProtocolResult.Done, tcp.Length, tcp.Groups["src"].Value, sourcePort, tcp.Groups["dst"].Value, destinationPort)
                : null;
        }
        if (!text.StartsWith("\r\n\r\n\0\r\nQUIT\n", StringComparison.Ordinal) || input.Length < 16 || input[12] >> 4 != 2)
        {
            return null;
        }
        var length = 16 + (input[14] * 256) + input[15];
        if (length > text.Length)
        {
            return null;
        }
        return (input[12], input[13], length) switch
        {
            (0x21, 0x11, >= 16 + 12) => Addresses(4),
            (0x21, 0x21, >= 16 + 36) => Addresses(16),
            (0x21, 0x11 or 0x21, _) => null,
            _ => new(ProxyProtocolResult.Done, length),
        };

        Header Addresses(int bytes)
        {
            var ports = 16 + (bytes * 2);
            return new(
                ProxyProtocolResult.Done, length,
                Shown(input[16..(16 + bytes)]), (input[ports] * 256) + input[ports + 1],
                Shown(input[(16 + bytes)..ports]), (input[ports + 2] * 256) + input[ports + 3]);
        }
    }

    private static int? Port(Match match, string group) =>
        decimal.TryParse(match.Groups[group].Value, CultureInfo.InvariantCulture, out var port) && port <= 65535 ? (int)port : null;

    // .NET and nginx shorten some IPv6 addresses differently; what is shown has to be the same address.
    private static string Shown(byte[] address)
    {
        var text = new byte[Native.SocketAddressText.MaximumLength];
        var shown = Encoding.Latin1.GetString(text, 0, Native.SocketAddress.FromIP(new IPAddress(address), 0).Format(text, withPort: false));
        IPAddress.Parse(shown).GetAddressBytes().ShouldBe(address);
        return shown;
    }

    [GeneratedRegex(@"\APROXY UNKNOWN[\s\S]*?\r\n")]
    private static partial Regex Unknown();

    [GeneratedRegex(@"\APROXY TCP[46] (?<src>[0-9a-fA-F:.]*) (?<dst>[0-9a-fA-F:.]*) (?<sport>[0-9]+) (?<dport>[0-9]+)\r\n")]
    private static partial Regex Tcp();
}
