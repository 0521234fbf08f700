using System.Text;
using System.Text.RegularExpressions;
using Countersign.Configuration;
using Countersign.Proxy.Request;

namespace Countersign.Proxy.Route.Variables;

/// <summary>ngx_http_map_module: a text, then wildcards where they are allowed, then patterns, then the default.</summary>
internal static class MapVariable
{
    public static VariableGetter Getter(MapPlan map)
    {
        var exact = map.Exact is Dictionary<string, ComplexValue> known ? known : new Dictionary<string, ComplexValue>(map.Exact);
        var lookup = exact.GetAlternateLookup<ReadOnlySpan<char>>();
        return exchange =>
        {
            var source = Values.Evaluate(exchange, map.Source);
            Span<char> key = source.Length <= 512 ? stackalloc char[source.Length] : new char[source.Length];
            Encoding.Latin1.GetChars(source, key);
            if (map.HostNames && key is [.., '.'])
            {
                key = key[..^1];
                source = source.Slice(0, key.Length);
            }
            for (var at = 0; at < key.Length; at++)
            {
                key[at] = key[at] is >= 'A' and <= 'Z' ? (char)(key[at] | 0x20) : key[at];
            }
            if (lookup.TryGetValue(key, out var value) || (!map.Hosts.IsEmpty && (value = map.Hosts.Find(key, out _)) is not null))
            {
                return Values.Evaluate(exchange, value);
            }
            return Values.Evaluate(exchange, Matching(exchange, map, source) ?? map.Default);
        };
    }

    /// <summary>As nginx, patterns are not asked about an empty text, and one that fails leaves the default.</summary>
    private static ComplexValue? Matching(Exchange exchange, MapPlan map, Bytes source)
    {
        for (var index = 0; index < map.Patterns.Count && !source.IsEmpty; index++)
        {
            var (pattern, value) = map.Patterns[index];
            try
            {
                if (PatternMatch.Test(exchange, pattern, source))
                {
                    return value;
                }
            }
            catch (RegexMatchTimeoutException)
            {
                exchange.Log.Write(LogLevel.Alert, $"pcre2_match() failed: the pattern took too long on \"{source}\" using \"{pattern.Source}\"");
                return null;
            }
        }
        return null;
    }
}
