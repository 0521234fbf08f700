using Countersign.Configuration;

namespace Countersign.Lint;

/// <summary>
/// What variables are made of: through <c>map</c>, <c>set</c> and named groups to those that the gate itself fills. Whoever uses
/// <c>$allowed</c>, a map of <c>$ssl_client_s_dn</c>, uses <c>$ssl_client_s_dn</c>.
/// </summary>
internal sealed class VariableOrigins
{
    private readonly VariableTable _table;
    private readonly Dictionary<int, HashSet<int>> _sources = [];
    private readonly Dictionary<int, IReadOnlySet<string>> _known = [];

    public VariableOrigins(HttpPlan http)
    {
        _table = http.Variables;
        foreach (var (name, source) in _table.Defined)
        {
            if (source is MapPlan map && _table.TryGetIndex(name, out var variable))
            {
                AddMap(variable, map);
            }
        }
        foreach (var steps in http.Servers.Select(server => server.Rewrite).Concat(http.Locations.Select(location => location.Rewrite)))
        {
            AddSteps(steps, null);
        }
    }

    /// <summary>Names of all variables that take part in the value.</summary>
    public IEnumerable<string> Of(ComplexValue? value) => value is null ? [] : VariablesIn(value).SelectMany(Of);

    /// <summary>The variable's own name and those behind it.</summary>
    public IReadOnlySet<string> Of(int variable)
    {
        if (_known.TryGetValue(variable, out var known))
        {
            return known;
        }
        // A map may lead to itself.
        var seen = new HashSet<int> { variable };
        for (var next = new Queue<int>(seen); next.TryDequeue(out var one);)
        {
            foreach (var source in _sources.GetValueOrDefault(one) ?? [])
            {
                if (seen.Add(source))
                {
                    next.Enqueue(source);
                }
            }
        }
        return _known[variable] = seen.Select(index => _table.Names[index]).ToHashSet(StringComparer.Ordinal);
    }

    private void AddMap(int variable, MapPlan map)
    {
        Add(variable, map.Source);
        var values = map.Exact.Values
            .Concat(map.Hosts.Exact.Values).Concat(map.Hosts.Leading.Values).Concat(map.Hosts.Trailing.Values)
            .Concat(map.Hosts.Patterns.Select(entry => entry.Value)).Concat(map.Patterns.Select(entry => entry.Value)).Append(map.Default);
        foreach (var value in values)
        {
            Add(variable, value);
        }
        foreach (var (pattern, _) in map.Patterns)
        {
            foreach (var (_, captured) in pattern.NamedGroups)
            {
                Add(captured, map.Source);
            }
        }
    }

    /// <param name="matched">The variable whose text <c>$1</c> is a part of.</param>
    private void AddSteps(IReadOnlyList<RewriteStep> steps, int? matched)
    {
        foreach (var step in steps)
        {
            switch (step)
            {
                case SetStep set:
                    Add(set.Variable, set.Value);
                    if (matched is { } source && set.Value.Parts.Any(part => part.Capture > 0))
                    {
                        Add(set.Variable, source);
                    }
                    break;
                case IfStep { Condition: IfMatches matches } branch:
                    foreach (var (_, captured) in matches.Pattern.NamedGroups)
                    {
                        Add(captured, matches.Variable);
                    }
                    AddSteps(branch.Steps, matches.Variable);
                    break;
                case IfStep branch:
                    AddSteps(branch.Steps, null);
                    break;
            }
        }
    }

    private void Add(int variable, ComplexValue value)
    {
        foreach (var source in VariablesIn(value))
        {
            Add(variable, source);
        }
    }

    private void Add(int variable, int source)
    {
        if (!_sources.TryGetValue(variable, out var sources))
        {
            _sources.Add(variable, sources = []);
        }
        sources.Add(source);
    }

    private static IEnumerable<int> VariablesIn(ComplexValue value) => value.Parts.Where(part => part.Variable >= 0).Select(part => part.Variable);
}
