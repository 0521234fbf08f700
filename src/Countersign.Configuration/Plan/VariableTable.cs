namespace Countersign.Configuration;

/// <summary>
/// Every variable the configuration mentions, numbered. A request keeps one slot for each number.
/// </summary>
public sealed class VariableTable
{
    private readonly Dictionary<string, int> _indexes = new(StringComparer.Ordinal);
    private readonly List<string> _names = [];
    private readonly Dictionary<string, VariableSource> _sources = new(StringComparer.Ordinal);

    /// <summary>Names without the dollar sign, lower case, in order of their index.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>Variables that the configuration itself defines (set, map, geo, named captures), by name.</summary>
    public IReadOnlyDictionary<string, VariableSource> Defined => _sources;

    public int IndexOf(string name)
    {
        if (!_indexes.TryGetValue(name, out var index))
        {
            index = _names.Count;
            _names.Add(name);
            _indexes.Add(name, index);
        }
        return index;
    }

    public bool TryGetIndex(string name, out int index) => _indexes.TryGetValue(name, out index);

    public void Define(string name, VariableSource source)
    {
        IndexOf(name);
        // As nginx: set leaves alone what has a meaning already; a map and a named group take it over.
        if (source is not AssignedVariable || !_sources.ContainsKey(name))
        {
            _sources[name] = source;
        }
    }
}

/// <summary>Where a variable that the configuration defines gets its value.</summary>
public abstract class VariableSource;

/// <summary>Assigned by <c>set</c> while the request runs; empty until then.</summary>
public sealed class AssignedVariable : VariableSource
{
    public static AssignedVariable Instance { get; } = new();
}

/// <summary>Filled by a named group when its pattern matches; not found until then.</summary>
public sealed class CapturedVariable : VariableSource
{
    public static CapturedVariable Instance { get; } = new();
}

/// <summary>A <c>map</c> block.</summary>
public sealed class MapPlan : VariableSource
{
    public required ComplexValue Source { get; init; }
    public required int Variable { get; init; }
    public bool HostNames { get; init; }
    public bool Volatile { get; init; }
    public required ComplexValue Default { get; init; }
    /// <summary>Keys lower case (nginx compares without case).</summary>
    public required IReadOnlyDictionary<string, ComplexValue> Exact { get; init; }
    /// <summary>Only with <see cref="HostNames"/>: <c>*.example.com</c>/<c>.example.com</c> (longest first), then <c>www.*</c>.</summary>
    public required HostTable<ComplexValue> Hosts { get; init; }
    public required IReadOnlyList<(RegexPlan Pattern, ComplexValue Value)> Patterns { get; init; }
}
