using Countersign.Configuration.Directives;

namespace Countersign.Configuration.Resolve;

/// <summary>A block while it is being read: what it says itself, and where the rest comes from.</summary>
internal class Scope(Contexts context, Scope? parent)
{
    private readonly Dictionary<Setting, object?> _values = [];

    public Contexts Context => context;
    public Scope? Parent => parent;

    public bool Has(Setting setting) => _values.ContainsKey(setting);

    public void Set<T>(Setting<T> setting, T value) => _values[setting] = value;

    public T? Own<T>(Setting<T> setting) => _values.TryGetValue(setting, out var value) ? (T?)value : default;

    public void Append<T>(Setting<IReadOnlyList<T>> setting, T item)
    {
        if (!_values.TryGetValue(setting, out var own))
        {
            _values[setting] = own = new List<T>();
        }
        ((List<T>)own!).Add(item);
    }

    /// <summary>The value in force here: the nearest block's that has one, else nginx's default.</summary>
    public T Get<T>(Setting<T> setting)
    {
        for (var scope = this; scope is not null; scope = scope.Parent)
        {
            if (scope._values.TryGetValue(setting, out var value))
            {
                return (T)value!;
            }
        }
        return setting.Fallback;
    }

    /// <summary>The nearest block that says something about any of these.</summary>
    public Scope? Nearest(params ReadOnlySpan<Setting> settings)
    {
        for (var scope = this; scope is not null; scope = scope.Parent)
        {
            foreach (var setting in settings)
            {
                if (scope._values.ContainsKey(setting))
                {
                    return scope;
                }
            }
        }
        return null;
    }

    public bool HasInherited(Setting setting) => Nearest(setting) is not null;
}

/// <summary>A location, an <c>if</c>, a <c>limit_except</c>, or the location side of a server.</summary>
internal class LocationScope(Contexts context, Scope parent, LocationKind kind, string name, SourcePosition position) : Scope(context, parent)
{
    public LocationKind Kind => kind;
    public string Name => name;
    public SourcePosition Position => position;
    public RegexPlan? Pattern { get; init; }
    public List<LocationScope> Locations { get; } = [];
    public List<RewriteStep> Rewrite { get; } = [];
    public List<string> LimitExceptMethods { get; } = [];
    public LocationScope? LimitExcept { get; set; }
    public PendingProxyPass? ProxyPass { get; set; }
    public bool AutoRedirect { get; set; }
    public bool IsUnnamed => kind is LocationKind.If or LocationKind.LimitExcept;

    /// <summary>Every block that acts as a location within this one.</summary>
    public IEnumerable<LocationScope> Children()
    {
        foreach (var pending in Rewrite.OfType<PendingIf>())
        {
            yield return pending.Scope;
        }
        if (LimitExcept is not null)
        {
            yield return LimitExcept;
        }
        foreach (var location in Locations)
        {
            yield return location;
        }
    }

    /// <summary>As nginx: an <c>if</c> or <c>limit_except</c> block without a proxy_pass has its location's.</summary>
    public PendingProxyPass? EffectiveProxyPass =>
        ProxyPass ?? (IsUnnamed && Context != Contexts.ServerIf ? (Parent as LocationScope)?.EffectiveProxyPass : null);

    public ServerScope Server => this as ServerScope ?? ((LocationScope)Parent!).Server;
}

internal sealed class ServerScope(Scope http, SourcePosition position)
    : LocationScope(Contexts.Server, http, LocationKind.Server, "", position)
{
    public List<ListenOptions> Listens { get; } = [];
    public List<ServerName> Names { get; } = [];
    /// <summary><c>$server_name</c>: the first name as written.</summary>
    public string FirstName { get; set; } = "";
    /// <summary>Set when the server becomes a plan.</summary>
    public ServerPlan Plan { get; set; } = null!;
}

internal readonly record struct ServerName(string Name, RegexPlan? Pattern);

/// <summary>An <c>upstream</c> block while it is being read.</summary>
internal sealed class UpstreamScope(Scope http, string name, SourcePosition position) : Scope(Contexts.Upstream, http)
{
    public string Name => name;
    public SourcePosition Position => position;
    public List<UpstreamServerPlan> Servers { get; } = [];
}

/// <summary>An <c>if</c> whose settings are not merged yet.</summary>
internal sealed record PendingIf(SourcePosition Position, IfCondition Condition, LocationScope Scope) : RewriteStep(Position);

/// <summary>proxy_pass as written; a constant one refers to an upstream that may be defined later.</summary>
internal sealed record PendingProxyPass
{
    public required SourcePosition Position { get; init; }
    public ComplexValue? Url { get; init; }
    public UpstreamReference? Target { get; init; }
    public bool Ssl { get; init; }
    public string Host { get; init; } = "";
    public string Port { get; init; } = "";
    public string? Uri { get; init; }
    /// <summary>The whole constant URL, for proxy_redirect default.</summary>
    public string Text { get; init; } = "";
    public string LocationPrefix { get; init; } = "";
}
