using System.Buffers.Binary;
using System.Globalization;
using Countersign.Configuration;
using Countersign.Proxy.Request;

namespace Countersign.Proxy.Route.Variables;

/// <summary>$proxy_protocol_tlv_: what a PROXY protocol header of version 2 tells besides addresses, by name or number
/// (<c>ngx_proxy_protocol_get_tlv</c>).</summary>
internal static class ProxyProtocolValue
{
    private const string Prefix = "proxy_protocol_tlv_";
    private const int Tls = 0x20;
    /// <summary>One byte of flags and four of the verification's result come before the TLS part's own values.</summary>
    private const int TlsHead = 5;

    public static VariableGetter? Find(string variable)
    {
        if (!variable.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return null;
        }
        var name = variable[Prefix.Length..];
        if (!name.StartsWith("ssl_", StringComparison.Ordinal))
        {
            var type = Number(name) ?? Known(name);
            return x => x.Client.ProxyProtocol is { } header ? Value(x, new Bytes(header.Extensions), type, name) : default;
        }
        var inner = name["ssl_".Length..];
        var innerType = Number(inner) ?? KnownOfTls(inner);
        return x =>
        {
            var tls = x.Client.ProxyProtocol is { } header ? Value(x, new Bytes(header.Extensions), Tls, name) : default;
            if (tls.Length < TlsHead)
            {
                return default;
            }
            return inner == "verify"
                ? VariableText.Number(x, BinaryPrimitives.ReadUInt32BigEndian(tls.Span[1..]))
                : Value(x, tls.Slice(TlsHead, tls.Length - TlsHead), innerType, name);
        };
    }

    private static Bytes Value(Exchange exchange, Bytes list, int? type, string name)
    {
        if (type is null)
        {
            exchange.Log.Write(LogLevel.Error, $"unknown PROXY protocol TLV \"{name}\"");
            return default;
        }
        while (list.Length > 0)
        {
            const int Head = 3;
            var length = list.Length < Head ? int.MaxValue : BinaryPrimitives.ReadUInt16BigEndian(list.Span[1..]);
            if (length > list.Length - Head)
            {
                exchange.Log.Write(LogLevel.Error, "broken PROXY protocol TLV");
                return default;
            }
            if (list.Span[0] == type)
            {
                return list.Slice(Head, length);
            }
            list = list.Slice(Head + length, list.Length - Head - length);
        }
        return default;
    }

    private static int? Number(string name) =>
        name.StartsWith("0x", StringComparison.Ordinal) && int.TryParse(name.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var type)
            ? type : null;

    private static int? Known(string name) => name switch
    {
        "alpn" => 1,
        "authority" => 2,
        "unique_id" => 5,
        "ssl" => Tls,
        "netns" => 0x30,
        _ => null,
    };

    private static int? KnownOfTls(string name) => name switch
    {
        "version" => 0x21,
        "cn" => 0x22,
        "cipher" => 0x23,
        "sig_alg" => 0x24,
        "key_alg" => 0x25,
        _ => null,
    };
}
