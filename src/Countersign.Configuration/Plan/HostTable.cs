namespace Countersign.Configuration;

/// <summary>
/// Names with wildcards, in nginx's order: exact, longest leading wildcard (<c>*.example.com</c>, <c>.example.com</c>),
/// longest trailing wildcard (<c>www.example.*</c>), first regular expression.
/// </summary>
public sealed class HostTable<T> where T : class
{
    private readonly Dictionary<string, T> _exact = new(StringComparer.Ordinal);
    private readonly Dictionary<string, T> _leading = new(StringComparer.Ordinal);
    private readonly Dictionary<string, T> _trailing = new(StringComparer.Ordinal);
    private readonly List<(RegexPlan Pattern, T Value)> _patterns = [];

    public bool IsEmpty => _exact.Count + _leading.Count + _trailing.Count + _patterns.Count == 0;
    public IReadOnlyDictionary<string, T> Exact => _exact;
    public IReadOnlyDictionary<string, T> Leading => _leading;
    public IReadOnlyDictionary<string, T> Trailing => _trailing;
    public IReadOnlyList<(RegexPlan Pattern, T Value)> Patterns => _patterns;

    /// <summary>Adds a name in lower case; false when the same name is there already (the first one stands).</summary>
    public bool Add(string name, T value)
    {
        if (name.StartsWith("*.", StringComparison.Ordinal))
        {
            return _leading.TryAdd(name[2..], value);
        }
        if (name.StartsWith('.'))
        {
            var added = _leading.TryAdd(name[1..], value);
            return _exact.TryAdd(name[1..], value) && added;
        }
        if (name.EndsWith(".*", StringComparison.Ordinal))
        {
            return _trailing.TryAdd(name[..^2], value);
        }
        return _exact.TryAdd(name, value);
    }

    public void Add(RegexPlan pattern, T value) => _patterns.Add((pattern, value));

    /// <summary>Finds by host in lower case without port; a regular expression that matched is handed back for its captures.</summary>
    public T? Find(ReadOnlySpan<char> host, out RegexPlan? matched)
    {
        matched = null;
        if (_exact.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(host, out var value))
        {
            return value;
        }
        if (_leading.Count > 0)
        {
            var lookup = _leading.GetAlternateLookup<ReadOnlySpan<char>>();
            for (var rest = host; rest.IndexOf('.') is var dot and >= 0;)
            {
                rest = rest[(dot + 1)..];
                if (lookup.TryGetValue(rest, out value))
                {
                    return value;
                }
            }
        }
        if (_trailing.Count > 0)
        {
            var lookup = _trailing.GetAlternateLookup<ReadOnlySpan<char>>();
            for (var rest = host; rest.LastIndexOf('.') is var dot and > 0;)
            {
                rest = rest[..dot];
                if (lookup.TryGetValue(rest, out value))
                {
                    return value;
                }
            }
        }
        foreach (var (pattern, patternValue) in _patterns)
        {
            if (pattern.Expression.IsMatch(host))
            {
                matched = pattern;
                return patternValue;
            }
        }
        return null;
    }
}
