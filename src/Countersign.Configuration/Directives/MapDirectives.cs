using Countersign.Configuration.Parse;
using Countersign.Configuration.Resolve;
using static Countersign.Configuration.Directives.DirectiveRow;

namespace Countersign.Configuration.Directives;

/// <summary>ngx_http_map_module.</summary>
internal static class MapDirectives
{
    public static IReadOnlyList<DirectiveRow> Rows { get; } = [Block("map", Contexts.Http, 2, 2, "string $variable", Bind)];

    private sealed class Entries
    {
        public bool HostNames { get; set; }
        public bool Volatile { get; set; }
        public ComplexValue? Default { get; set; }
        public Dictionary<string, ComplexValue> Exact { get; } = new(StringComparer.Ordinal);
        public HostTable<ComplexValue> Hosts { get; } = new();
        public List<(RegexPlan, ComplexValue)> Patterns { get; } = [];
    }

    private static void Bind(DirectiveCall call)
    {
        if (call.Complex(1) is not { } source)
        {
            return;
        }
        if (!call[2].StartsWith('$'))
        {
            call.Fail("invalid-variable-name", $"invalid variable name \"{call[2]}\"", 2, $"Write \"${call[2]}\".");
            return;
        }
        if (RewriteDirectives.VariableName(call, 2) is not { } name)
        {
            return;
        }
        var script = call.Session.Script;
        // Defined before its entries are read, as nginx; the plan itself follows.
        var variable = script.Define(name, AssignedVariable.Instance);
        var entries = new Entries();
        foreach (var node in call.Session.Binder.Entries(call.Node.Block!))
        {
            Read(new DirectiveCall(call.Session, node, call.Scope), node, entries);
        }
        script.Define(name, new MapPlan
        {
            Source = source,
            Variable = variable,
            HostNames = entries.HostNames,
            Volatile = entries.Volatile,
            Default = entries.Default ?? ComplexValue.Literal(""),
            Exact = entries.Exact,
            Hosts = entries.Hosts,
            Patterns = entries.Patterns,
        });
    }

    private static void Read(DirectiveCall entry, DirectiveNode node, Entries entries)
    {
        if (node.ArgumentCount == 0 && node.Name is "hostnames" or "volatile")
        {
            entries.HostNames |= node.Name == "hostnames";
            entries.Volatile |= node.Name == "volatile";
            return;
        }
        if (node.ArgumentCount != 1)
        {
            entry.Fail("invalid-map-entry", "invalid number of the map parameters", 0, "An entry is a key and a value.");
            return;
        }
        if (entry.Complex(1) is not { } value)
        {
            return;
        }
        var key = node.Name;
        if (key == "default")
        {
            if (entries.Default is not null)
            {
                entry.Fail("duplicate-map-entry", "duplicate default map parameter", 0);
            }
            entries.Default ??= value;
        }
        else if (key.StartsWith('~'))
        {
            var ignoreCase = key.StartsWith("~*", StringComparison.Ordinal);
            if (entry.Regex(key[(ignoreCase ? 2 : 1)..], ignoreCase) is { } pattern)
            {
                entries.Patterns.Add((pattern, value));
            }
        }
        else
        {
            Add(entry, AsciiLower(key.StartsWith('\\') ? key[1..] : key), value, entries);
        }
    }

    private static void Add(DirectiveCall entry, string key, ComplexValue value, Entries entries)
    {
        if (entries.HostNames && !HostNameRules.IsValid(key))
        {
            entry.Fail("invalid-map-entry", $"invalid hostname or wildcard \"{key}\"", 0);
            return;
        }
        var wildcard = entries.HostNames && HostNameRules.IsWildcard(key);
        if (!(wildcard ? entries.Hosts.Add(key, value) : entries.Exact.TryAdd(key, value)))
        {
            entry.Fail("duplicate-map-entry", $"conflicting parameter \"{key}\"", 0);
        }
    }

    /// <summary>As nginx: letters of ASCII only, since a char of 128 or more is a byte of some encoding.</summary>
    private static string AsciiLower(string text) =>
        string.Create(text.Length, text, static (target, source) =>
        {
            for (var i = 0; i < target.Length; i++)
            {
                target[i] = char.IsAsciiLetterUpper(source[i]) ? (char)(source[i] | 0x20) : source[i];
            }
        });
}
