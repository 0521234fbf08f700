namespace Countersign.Refusals;

/// <summary>Names of server certificates against hosts (RFC 9525, section 6.3).</summary>
internal static class HostMatch
{
    /// <param name="pattern">A dNSName; a wildcard stands for the first label only.</param>
    /// <param name="host">Of a request, perhaps with a port.</param>
    public static bool Covers(string pattern, string host)
    {
        if (host.LastIndexOf(':') is var colon and >= 0 && !host.EndsWith(']'))
        {
            host = host[..colon];
        }
        host = host.TrimEnd('.');
        if (!pattern.StartsWith("*.", StringComparison.Ordinal))
        {
            return pattern.Equals(host, StringComparison.OrdinalIgnoreCase);
        }
        var dot = host.IndexOf('.');
        return dot > 0 && host.AsSpan(dot).Equals(pattern.AsSpan(1), StringComparison.OrdinalIgnoreCase);
    }
}
