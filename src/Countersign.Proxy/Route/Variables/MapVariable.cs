using System.Text;
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
            // As nginx: no pattern is tried on nothing.
            for (var index = 0; index < map.Patterns.Count && !source.IsEmpty; index++)
            {
                var (pattern, result) = map.Patterns[index];
                if (PatternMatch.Test(exchange, pattern, source))
                {
                    return Values.Evaluate(exchange, result);
                }
            }
            return Values.Evaluate(exchange, map.Default);
        };
    }
}
