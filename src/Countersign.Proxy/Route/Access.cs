using Countersign.Configuration;
using Countersign.Native;
using Countersign.Proxy.Request;

namespace Countersign.Proxy.Route;

/// <summary>allow and deny (<c>ngx_http_access_handler</c>): the first rule for the client's address decides. With one module in
/// this phase, satisfy all and any come to the same.</summary>
internal static class Access
{
    public static Outcome Decide(Exchange exchange)
    {
        var rules = exchange.Location.Access.Rules;
        if (rules.Count == 0 || FirstOf(rules, exchange.Client.Peer) is not { Allow: false })
        {
            return Outcome.Next;
        }
        exchange.Log.Write(LogLevel.Error, "access forbidden by rule");
        return Outcome.Of(403);
    }

    internal static AccessRule? FirstOf(IReadOnlyList<AccessRule> rules, in SocketAddress peer)
    {
        var address = peer.IPBytes;
        var isUnix = peer.Family == SocketFamily.Unix;
        if (address.Length == 16 && address[..12].SequenceEqual(MappedPrefix) && HasRulesForIPv4(rules))
        {
            address = address[12..];
        }
        for (var index = 0; index < rules.Count; index++)
        {
            var rule = rules[index];
            if (rule.Unix ? isUnix : rule.Network is not { } network || Contains(network, address))
            {
                return rule;
            }
        }
        return null;
    }

    private static ReadOnlySpan<byte> MappedPrefix => [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff];

    /// <summary>As nginx: an IPv4 address inside IPv6 is judged as IPv4 wherever there is a rule for those.</summary>
    private static bool HasRulesForIPv4(IReadOnlyList<AccessRule> rules)
    {
        for (var index = 0; index < rules.Count; index++)
        {
            if (!rules[index].Unix && rules[index].Network is not { BaseAddress.AddressFamily: System.Net.Sockets.AddressFamily.InterNetworkV6 })
            {
                return true;
            }
        }
        return false;
    }

    private static bool Contains(System.Net.IPNetwork network, ReadOnlySpan<byte> address)
    {
        Span<byte> prefix = stackalloc byte[16];
        _ = network.BaseAddress.TryWriteBytes(prefix, out var length);
        if (length != address.Length)
        {
            return false;
        }
        var whole = network.PrefixLength / 8;
        var rest = network.PrefixLength % 8;
        return address[..whole].SequenceEqual(prefix[..whole])
            && (rest == 0 || ((address[whole] ^ prefix[whole]) & (0xff << (8 - rest)) & 0xff) == 0);
    }
}
