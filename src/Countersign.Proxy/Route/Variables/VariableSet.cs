using Countersign.Configuration;
using Countersign.Proxy.Request;

namespace Countersign.Proxy.Route.Variables;

/// <summary>Works a variable out for a request; null bytes for nginx's <c>not_found</c>.</summary>
internal delegate Bytes VariableGetter(Exchange exchange);

/// <summary>How each variable of a plan gets its value: looked up by name once, called by number ever after.</summary>
public sealed class VariableSet
{
    private const int MaximumDepth = 100;

    private readonly Entry[] _entries;
    private readonly VariableTable _table;

    public VariableSet(VariableTable table)
    {
        _table = table;
        _entries = [.. table.Names.Select(Find)];
    }

    internal Bytes Get(Exchange exchange, int index)
    {
        var entry = _entries[index];
        if (entry.Getter is not { } getter)
        {
            if (exchange.Location.UninitializedVariableWarn)
            {
                exchange.Log.Write(LogLevel.Warn, $"using uninitialized \"{_table.Names[index]}\" variable");
            }
            return new Bytes([]);
        }
        if (exchange.VariableDepth == MaximumDepth)
        {
            exchange.Log.Write(LogLevel.Error, $"cycle while evaluating variable \"{_table.Names[index]}\"");
            return default;
        }
        exchange.VariableDepth++;
        var value = getter(exchange);
        exchange.VariableDepth--;
        if (entry.IsCached)
        {
            ref var slot = ref exchange.Slot(index);
            slot.Value = value;
            slot.IsSet = true;
        }
        return value;
    }

    /// <returns>True when the variable is nginx's own and has been changed where it lives.</returns>
    internal bool TryAssign(Exchange exchange, int index, Bytes value)
    {
        switch (_table.Names[index])
        {
            case "args":
                exchange.Arguments = value;
                exchange.IsUriUntouched = false;
                return true;
            case "limit_rate":
                if (Configuration.Directives.Units.Size(value.ToString()) is { } rate)
                {
                    exchange.Writer.LimitRate = rate;
                }
                return true;
            default:
                return false;
        }
    }

    private Entry Find(string name)
    {
        if (_table.Defined.TryGetValue(name, out var source))
        {
            return source is MapPlan map ? new Entry(MapVariable.Getter(map), !map.Volatile) : default;
        }
        // One value for a whole request, although it is worked out by chance.
        return new Entry(BuiltIn(name), name == "request_id");
    }

    /// <summary>nginx's own variable of that name; null when it has none.</summary>
    internal static VariableGetter? BuiltIn(string name) =>
        RequestVariables.Find(name) ?? ConnectionVariables.Find(name) ?? ResponseVariables.Find(name) ?? SslVariables.Find(name) ?? UpstreamVariables.Find(name);

    private readonly record struct Entry(VariableGetter? Getter, bool IsCached);
}
