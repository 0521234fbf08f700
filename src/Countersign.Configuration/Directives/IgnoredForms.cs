namespace Countersign.Configuration.Directives;

/// <summary>
/// The words of directives without effect, judged as nginx judges them: what nginx refuses to start with is no more
/// accepted here, or a file tried out here would fail there.
/// </summary>
internal static class IgnoredForms
{
    public static bool Flag(DirectiveCall call) => Binders.FlagValue(call, 1) is not null;

    public static bool Number(DirectiveCall call) => Units.Number(call[1]) is not null || call.FailDirective("invalid-number", "invalid number", 1);

    public static bool Size(DirectiveCall call) => Units.Size(call[1]) is not null || call.InvalidValue();

    public static bool Offset(DirectiveCall call) => Units.Offset(call[1]) is not null || call.InvalidValue();

    public static bool OffsetOrOff(DirectiveCall call) => call[1] == "off" || Offset(call);

    public static bool Milliseconds(DirectiveCall call) => Units.Time(call[1], seconds: false) is not null || call.InvalidValue();

    public static bool Seconds(DirectiveCall call) => Units.Time(call[1], seconds: true) is not null || call.InvalidValue();

    public static bool Buffers(DirectiveCall call) => (Units.Number(call[1]) > 0 && Units.Size(call[2]) > 0) || call.InvalidValue();

    /// <summary>ngx_http_core_pool_size: room for a pool and one allocation, in whole allocation units.</summary>
    public static bool PoolSize(DirectiveCall call) => Units.Size(call[1]) switch
    {
        null => call.InvalidValue(),
        < 112 => call.Fail("invalid-value", "the pool size must be no less than 112", 1),
        var size when size % 16 != 0 => call.Fail("invalid-value", "the pool size must be a multiple of 16", 1),
        _ => true,
    };

    public static bool DebugPoint(DirectiveCall call) =>
        Is(call[1], "stop") || Is(call[1], "abort") || call.Fail("invalid-value", $"invalid value \"{call[1]}\"", 1, "It must be one of: stop, abort.");

    /// <summary>The one method that every nginx on Linux has; poll and select are there only when it was built with them.</summary>
    public static bool EventMethod(DirectiveCall call) => call[1] == "epoll"
        || call.Fail("invalid-value", $"invalid event type \"{call[1]}\"", 1, "Leave the line out: connections are waited for by epoll.");

    public static bool Aio(DirectiveCall call) => call[1] is "on" or "off" or "threads"
        || call[1].StartsWith("threads=", StringComparison.Ordinal) || call.InvalidValue();

    /// <summary>nginx warns of hosts that it has none to look up with.</summary>
    public static bool Resolver(DirectiveCall call)
    {
        call.Scope.Set(OcspDirectives.Resolver, true);
        return true;
    }

    /// <summary>open_file_cache and open_log_file_cache.</summary>
    public static bool Cache(DirectiveCall call)
    {
        var has = false;
        for (var i = 1; i <= call.Count; i++)
        {
            var (name, value) = call[i].IndexOf('=') is > 0 and var at ? (call[i][..at], call[i][(at + 1)..]) : (call[i], "");
            var good = name switch
            {
                "max" => Units.Number(value) > 0,
                "inactive" => Units.Time(value, seconds: true) is not null,
                "min_uses" or "valid" when call.Name == "open_file_cache" => false,
                "min_uses" => Units.Number(value) > 0,
                "valid" => Units.Time(value, seconds: true) is not null,
                "off" => value.Length == 0,
                _ => false,
            };
            if (!good)
            {
                return call.Fail("invalid-parameter", $"invalid \"{call.Name}\" parameter \"{call[i]}\"", i);
            }
            has |= name is "max" or "off";
        }
        return has || call.Fail("missing-parameter", $"\"{call.Name}\" must have the \"max\" parameter", 0);
    }

    private static bool Is(string word, string name) => word.Equals(name, StringComparison.OrdinalIgnoreCase);
}
