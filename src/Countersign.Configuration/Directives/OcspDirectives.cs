using Countersign.Configuration.Resolve;
using static Countersign.Configuration.Directives.DirectiveRow;

namespace Countersign.Configuration.Directives;

/// <summary>ngx_http_ssl_module's questions to the authorities of its clients.</summary>
internal static class OcspDirectives
{
    public enum Question { None, Chain, Leaf }

    public static readonly Setting<Question> Ocsp = new(Question.None);
    public static readonly Setting<string> Responder = new("");
    public static readonly Setting<OcspCachePlan?> Cache = new(null);
    public static readonly Setting<SourcePosition?> OcspAt = new(null);
    public static readonly Setting<SourcePosition?> ResponderAt = new(null);

    /// <summary>Set by the resolver directive.</summary>
    public static readonly Setting<bool> Resolver = new(false);

    /// <summary>Set when the servers are checked, with the addresses found.</summary>
    public static readonly Setting<OcspResponderPlan?> Resolved = new(null);

    public static IReadOnlyList<DirectiveRow> Rows { get; } =
    [
        One("ssl_ocsp", Contexts.HttpServer, "on | off | leaf", "off", Binders.Placed(OcspAt, Binders.Choice(Ocsp,
            ("off", Question.None), ("on", Question.Chain), ("leaf", Question.Leaf)))),
        One("ssl_ocsp_responder", Contexts.HttpServer, "url", "", Binders.Placed(ResponderAt, Binders.Text(Responder))),
        One("ssl_ocsp_cache", Contexts.HttpServer, "off | shared:name:size", "off", BindCache),
    ];

    /// <summary>Set when the servers are checked.</summary>
    public static readonly Setting<ConfigurationProblem?> Fault = new(null);

    /// <summary>What a server block comes to; null where nothing is asked.</summary>
    public static OcspPlan? Plan(Scope scope) => scope.Get(Ocsp) is Question.None ? null : new OcspPlan
    {
        LeafOnly = scope.Get(Ocsp) == Question.Leaf,
        Responder = scope.Get(Resolved),
        Cache = scope.Get(Cache),
        HasResolver = scope.Get(Resolver),
        Fault = scope.Get(Fault),
        At = scope.Get(OcspAt),
        ResponderAt = scope.Get(ResponderAt),
    };

    private static void BindCache(DirectiveCall call)
    {
        if (call.Scope.Has(Cache))
        {
            call.IsDuplicate();
            return;
        }
        switch (call[1].Split(':', 3))
        {
            case ["off"]:
                call.Scope.Set(Cache, null);
                break;
            case ["shared", { Length: > 0 } name, var size] when Units.Size(size) is { } bytes:
                if (bytes < 8 * 4096)
                {
                    call.Fail("ocsp-cache-too-small", $"OCSP cache \"{call[1]}\" is too small", 1);
                    return;
                }
                if (call.Session.SharedZones.Declare(call, "ssl_ocsp_cache", name, bytes, 1))
                {
                    call.Scope.Set(Cache, new OcspCachePlan(name, bytes));
                }
                break;
            default:
                call.Fail("invalid-ocsp-cache", $"invalid OCSP cache \"{call[1]}\"", 1, "Write off or shared:name:size.");
                break;
        }
    }
}
