using Countersign.Configuration;
using Countersign.Proxy.Request;

namespace Countersign.Proxy.Route;

/// <summary>Which location answers a URI (<c>ngx_http_core_find_location</c>): the exact one, else the longest prefix, nested
/// ones first; unless that one is <c>^~</c>, the first regular expression of each level, from the inside out, goes before it.</summary>
internal static class LocationSearch
{
    private enum Match { None, Prefix, Final, Redirect }

    /// <summary>Finds for <see cref="Exchange.Uri"/>; a pattern leaves its captures.</summary>
    /// <param name="redirects">The URI is the location's name without its final slash, and the location wants it.</param>
    public static LocationPlan Find(Exchange exchange, out bool redirects)
    {
        var location = exchange.Server.Root;
        redirects = Find(exchange, ref location) == Match.Redirect;
        return location;
    }

    private static Match Find(Exchange exchange, ref LocationPlan location)
    {
        var parent = location;
        var ignoresPatterns = false;
        var match = parent.Children.Count == 0 ? Match.None : FindPrefix(exchange, parent, ref location);
        if (match == Match.Prefix)
        {
            ignoresPatterns = location.Kind == LocationKind.PrefixFinal;
            match = Find(exchange, ref location);
        }
        if (match is Match.Final or Match.Redirect || ignoresPatterns)
        {
            return match;
        }
        for (var index = 0; index < parent.RegexChildren.Count; index++)
        {
            var candidate = parent.RegexChildren[index];
            if (exchange.Log.IsEnabled(LogLevel.Debug))
            {
                exchange.Log.Write(LogLevel.Debug, $"test location: ~ \"{candidate.Name}\"");
            }
            if (PatternMatch.Test(exchange, candidate.Pattern!, exchange.Uri))
            {
                location = candidate;
                _ = Find(exchange, ref location);
                return Match.Final;
            }
        }
        return match;
    }

    private static Match FindPrefix(Exchange exchange, LocationPlan parent, ref LocationPlan location)
    {
        var uri = exchange.Uri.Span;
        var debug = exchange.Log.IsEnabled(LogLevel.Debug);
        LocationPlan? longest = null;
        LocationPlan? whole = null;
        LocationPlan? redirect = null;
        for (var index = 0; index < parent.Children.Count; index++)
        {
            var child = parent.Children[index];
            var name = child.Name;
            if (debug)
            {
                exchange.Log.Write(LogLevel.Debug, $"test location: \"{name}\"");
            }
            if (name.Length <= uri.Length)
            {
                if (!AreEqual(uri[..name.Length], name))
                {
                    continue;
                }
                if (name.Length < uri.Length)
                {
                    longest = child.Kind != LocationKind.Exact && (longest is null || name.Length > longest.Name.Length) ? child : longest;
                }
                else if (child.Kind == LocationKind.Exact)
                {
                    location = child;
                    return Match.Final;
                }
                else
                {
                    whole = child;
                }
            }
            else if (child.AutoRedirect && name.Length == uri.Length + 1 && AreEqual(uri, name.AsSpan(0, uri.Length))
                && redirect?.Kind != LocationKind.Exact)
            {
                redirect = child;
            }
        }
        if ((whole ?? redirect ?? longest) is not { } found)
        {
            return Match.None;
        }
        location = found;
        return whole is null && redirect is not null ? Match.Redirect : Match.Prefix;
    }

    private static bool AreEqual(ReadOnlySpan<byte> bytes, ReadOnlySpan<char> latin)
    {
        for (var index = 0; index < bytes.Length; index++)
        {
            if (bytes[index] != latin[index])
            {
                return false;
            }
        }
        return true;
    }
}
