using Countersign.Configuration.Directives;

namespace Countersign.Configuration.Resolve;

/// <summary>Names of shared memory: each has one use and one size (<c>ngx_shared_memory_add</c>).</summary>
internal sealed class SharedZones
{
    private readonly Dictionary<string, (string Use, long Size)> _zones = new(StringComparer.Ordinal);

    /// <param name="use">The directive whose zones may have this name.</param>
    /// <param name="argument">Where the zone stands in the directive.</param>
    public bool Declare(DirectiveCall call, string use, string name, long size, int argument)
    {
        if (_zones.TryAdd(name, (use, size)) || _zones[name] == (use, size))
        {
            return true;
        }
        return _zones[name].Use != use
            ? call.Fail("conflicting-zone-use", $"the shared memory zone \"{name}\" is already declared for a different use", argument, "Give each its own name.")
            : call.Fail("conflicting-zone-size", $"the size {size} of shared memory zone \"{name}\" conflicts with already declared size {_zones[name].Size}", argument);
    }
}
