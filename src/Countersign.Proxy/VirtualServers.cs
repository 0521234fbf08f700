using System.Text;
using System.Text.RegularExpressions;
using Countersign.Configuration;
using Countersign.Proxy.Request;
using Countersign.Proxy.Route;

namespace Countersign.Proxy;

/// <summary>Which server of a listening address a host belongs to (<c>ngx_http_find_virtual_server</c>): asked by SNI in the
/// handshake and by the host of every request.</summary>
public static class VirtualServers
{
    /// <summary>The server that has this name, or the address's default one.</summary>
    /// <param name="lowercaseHost">Validated, without port and without a final dot; empty where the client named none, which
    /// only a server without server_name (or with an empty one) answers.</param>
    /// <param name="captures">Gets what a regular expression of server_name captured; null in the handshake.</param>
    /// <exception cref="RegexMatchTimeoutException">A pattern ran away on this host.</exception>
    public static ServerPlan Find(AddressPlan address, ReadOnlySpan<byte> lowercaseHost, Exchange? captures)
    {
        var names = address.Names;
        if (names.IsEmpty)
        {
            return address.DefaultServer;
        }
        if (lowercaseHost.IsEmpty)
        {
            return names.Exact.GetValueOrDefault("") ?? address.DefaultServer;
        }
        Span<char> host = lowercaseHost.Length <= 256 ? stackalloc char[lowercaseHost.Length] : new char[lowercaseHost.Length];
        Encoding.Latin1.GetChars(lowercaseHost, host);
        var server = names.Find(host, out var pattern);
        if (pattern is not null && captures is not null)
        {
            _ = PatternMatch.Test(captures, pattern, lowercaseHost);
        }
        return server ?? address.DefaultServer;
    }
}
