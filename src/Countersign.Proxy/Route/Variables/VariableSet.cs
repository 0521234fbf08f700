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
        ref readonly var entry = ref _entries[index];
        if (exchange.VariableDepth == MaximumDepth)
        {
            exchange.Log.Write(LogLevel.Error, $"cycle while evaluating variable \"{_table.Names[index]}\"");
            return default;
        }
        exchange.VariableDepth++;
        var value = entry.Getter(exchange);
        exchange.VariableDepth--;
        if (entry.IsCached && !(value.IsNull && entry.IsSought))
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
                SetLimitRate(exchange, value);
                return true;
            default:
                return false;
        }
    }

    /// <summary>0 sets no limit and is not asked the location's: the writer takes a negative one for that.</summary>
    private static void SetLimitRate(Exchange exchange, Bytes value)
    {
        var text = value.ToString();
        if (Configuration.Directives.Units.Size(text) is { } rate)
        {
            exchange.Writer.LimitRate = rate == 0 ? -1 : rate;
        }
        else
        {
            exchange.Log.Write(LogLevel.Error, $"invalid $limit_rate \"{text}\"");
        }
    }

    /// <summary>nginx's own variable of that name; null when it has none.</summary>
    internal static VariableGetter? BuiltIn(string name) =>
        RequestVariables.Find(name) ?? ConnectionVariables.Find(name) ?? ResponseVariables.Find(name) ?? SslVariables.Find(name) ?? UpstreamVariables.Find(name);

    private Entry Find(string name, int index)
    {
        var source = _table.Defined.GetValueOrDefault(name);
        if (source is MapPlan map)
        {
            return new Entry(MapVariable.Getter(map), !map.Volatile);
        }
        if (source is CapturedVariable)
        {
            return new Entry(static _ => default, IsCached: true);
        }
        return BuiltIn(name) is not { } getter
            ? new Entry(exchange => Uninitialized(exchange, index), IsCached: true)
            : new Entry(getter, VariableLifetime.IsWholeRequest(name), IsSought: name == "content_length");
    }

    /// <summary>A variable that <c>set</c> will assign, asked for before; said once in a request.</summary>
    private Bytes Uninitialized(Exchange exchange, int index)
    {
        if (exchange.Location.UninitializedVariableWarn)
        {
            exchange.Log.Write(LogLevel.Warn, $"using uninitialized \"{_table.Names[index]}\" variable");
        }
        return VariableText.Empty;
    }

    /// <param name="IsCached">The first answer stands for the whole request.</param>
    /// <param name="IsSought">Not for an answer of "not found", which may be another one once the body has been read.</param>
    private readonly record struct Entry(VariableGetter Getter, bool IsCached, bool IsSought = false);
}
