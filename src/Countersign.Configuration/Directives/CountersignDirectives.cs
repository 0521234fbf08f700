using static Countersign.Configuration.Directives.DirectiveRow;

namespace Countersign.Configuration.Directives;

/// <summary>What nginx does not have.</summary>
internal static class CountersignDirectives
{
    public static readonly Setting<SslVerifyCache> VerifyCache = new(SslVerifyCache.Default);
    public static readonly Setting<bool> NginxCompatibility = new(false);
    public static readonly Setting<SourcePosition?> NginxCompatibilityAt = new(null);

    public static IReadOnlyList<DirectiveRow> Rows { get; } =
    [
        One("ssl_verify_cache", Contexts.HttpServer, "off | shared:name:size", "shared:verify:1m", BindVerifyCache),
        One("compatibility", Contexts.HttpServer, "countersign | nginx", "countersign", Binders.Placed(NginxCompatibilityAt, BindCompatibility)),
    ];

    private static void BindVerifyCache(DirectiveCall call)
    {
        switch (call[1].Split(':'))
        {
            case ["off"]:
                call.Set(VerifyCache, new SslVerifyCache(null, 0));
                break;
            case ["shared", { Length: > 0 } name, var size] when Units.Size(size) is { } bytes and >= 4096:
                call.Set(VerifyCache, new SslVerifyCache(name, bytes));
                break;
            default:
                call.Fail("invalid-verify-cache", $"invalid verify cache \"{call[1]}\"", 1, "Write off or shared:name:size, with at least 4k.");
                break;
        }
    }

    private static void BindCompatibility(DirectiveCall call)
    {
        if (call[1] is not ("nginx" or "countersign"))
        {
            call.InvalidValue(advice: "Write nginx or countersign.");
            return;
        }
        call.Set(NginxCompatibility, call[1] == "nginx");
    }
}
