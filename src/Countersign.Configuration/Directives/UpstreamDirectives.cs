using Countersign.Configuration.Resolve;
using static Countersign.Configuration.Directives.DirectiveRow;

namespace Countersign.Configuration.Directives;

/// <summary>ngx_http_upstream_module and its balancing modules.</summary>
internal static class UpstreamDirectives
{
    public static readonly Setting<(int Connections, bool Local)> Keepalive = new((32, true));
    public static readonly Setting<int> KeepaliveRequests = new(1000);
    public static readonly Setting<TimeSpan> KeepaliveTime = new(TimeSpan.FromHours(1));
    public static readonly Setting<TimeSpan> KeepaliveTimeout = new(TimeSpan.FromSeconds(60));
    public static readonly Setting<bool> Zone = new(false);
    public static readonly Setting<BalancePlan> Balance = new(BalancePlan.RoundRobin);

    public static IReadOnlyList<DirectiveRow> Rows { get; } =
    [
        Block("upstream", Contexts.Http, 1, 1, "name", BindUpstream),
        new("server", Contexts.Upstream, 1, Any,
            "address [weight=number] [max_conns=number] [max_fails=number] [fail_timeout=time] [backup] [down]", "", UpstreamServerDirective.Bind),
        new("keepalive", Contexts.Upstream, 1, 2, "connections [local]", "32 local", BindKeepalive),
        One("keepalive_requests", Contexts.Upstream, "number", "1000", Binders.Number(KeepaliveRequests)),
        One("keepalive_time", Contexts.Upstream, "time", "1h", Binders.Milliseconds(KeepaliveTime)),
        One("keepalive_timeout", Contexts.Upstream, "timeout", "60s", Binders.Milliseconds(KeepaliveTimeout)),
        new("hash", Contexts.Upstream, 1, 2, "key [consistent]", "", BindHash),
        new("ip_hash", Contexts.Upstream, 0, 0, "", "", call => SetBalance(call, new BalancePlan(BalanceKind.IpHash, null, false, null))),
        new("least_conn", Contexts.Upstream, 0, 0, "", "", call => SetBalance(call, new BalancePlan(BalanceKind.LeastConnections, null, false, null))),
        new("random", Contexts.Upstream, 0, 2, "[two [method]]", "", BindRandom),
        new("zone", Contexts.Upstream, 1, 2, "name [size]", "", BindZone),
    ];

    private static void BindUpstream(DirectiveCall call)
    {
        var upstream = new UpstreamScope(call.Scope, call[1], call.Position);
        if (!call.Session.Upstreams.Create(call, upstream))
        {
            return;
        }
        var errorsBefore = call.Session.ErrorCount;
        call.BindBlock(upstream);
        if (upstream.Servers.Count == 0 && call.Session.ErrorCount == errorsBefore)
        {
            call.Session.Report(new ConfigurationProblem("empty-upstream", ProblemLevel.Error, "no servers are inside upstream",
                call.Node.BlockEnd, "Add a server directive.")
            { Word = call.Position });
        }
    }

    /// <summary>Loops share memory anyhow: the name is nobody's, and the size only has to be one.</summary>
    private static void BindZone(DirectiveCall call)
    {
        if (call.Scope.Has(Zone))
        {
            call.IsDuplicate();
        }
        else if (IsZone(call))
        {
            call.Scope.Set(Zone, true);
        }
    }

    /// <summary>A name, and a size of at least eight pages.</summary>
    private static bool IsZone(DirectiveCall call)
    {
        if (call[1].Length == 0)
        {
            return call.Fail("invalid-zone", "invalid zone name \"\"", 1);
        }
        if (call.Count == 1)
        {
            return true;
        }
        return Units.Size(call[2]) switch
        {
            null => call.Fail("invalid-zone", $"invalid zone size \"{call[2]}\"", 2),
            < 8 * 4096 => call.Fail("invalid-zone", $"zone \"{call[1]}\" is too small", 2, "The least is 32k."),
            _ => true,
        };
    }

    private static void SetBalance(DirectiveCall call, BalancePlan balance)
    {
        if (call.Scope.Has(Balance))
        {
            call.Warn("balancing-method-redefined", "load balancing method redefined");
        }
        call.Scope.Set(Balance, balance with { Position = call.Position });
    }

    private static void BindHash(DirectiveCall call)
    {
        if (call.Count == 2 && call[2] != "consistent")
        {
            call.InvalidParameter(2);
        }
        else if (call.Complex(1) is { } key)
        {
            SetBalance(call, new BalancePlan(BalanceKind.Hash, key, call.Count == 2, null));
        }
    }

    private static void BindRandom(DirectiveCall call)
    {
        if (call.Count >= 1 && call[1] != "two")
        {
            call.InvalidParameter(1);
        }
        else if (call.Count == 2 && call[2] != "least_conn")
        {
            call.InvalidParameter(2);
        }
        else
        {
            SetBalance(call, new BalancePlan(call.Count == 0 ? BalanceKind.Random : BalanceKind.RandomTwo, null, false, null));
        }
    }

    private static void BindKeepalive(DirectiveCall call)
    {
        if (call.Scope.Has(Keepalive))
        {
            call.IsDuplicate();
        }
        else if (Units.Number(call[1]) is not { } connections)
        {
            call.Fail("invalid-value", $"invalid value \"{call[1]}\" in \"keepalive\" directive", 1);
        }
        else if (call.Count == 2 && call[2] != "local")
        {
            call.InvalidParameter(2);
        }
        else
        {
            call.Scope.Set(Keepalive, ((int)Math.Min(connections, int.MaxValue), call.Count == 2));
        }
    }
}
