using Countersign.Configuration.Directives;

namespace Countersign.Configuration.Resolve;

/// <summary>An upstream that a constant proxy_pass refers to; a block of that name may come later in the file.</summary>
internal sealed class UpstreamReference(ParsedUrl url, SourcePosition position)
{
    public ParsedUrl Url => url;
    public SourcePosition Position => position;
    /// <summary>The block, once there is one.</summary>
    public UpstreamScope? Block { get; set; }
    public int Port { get; set; } = url.IsUnix ? 0 : url.Port;
    public bool NoPort { get; } = url.NoPort;
    /// <summary>Set when the reference becomes a plan.</summary>
    public UpstreamPlan Plan { get; set; } = null!;
}

/// <summary>Upstreams by name, with nginx's rules for what a name and a port refer to (ngx_http_upstream_add).</summary>
internal sealed class UpstreamRegistry(LoadSession session)
{
    private readonly List<UpstreamReference> _all = [];

    public IReadOnlyList<UpstreamReference> All => _all;

    /// <summary>proxy_pass: finds or implies an upstream.</summary>
    public UpstreamReference? Refer(DirectiveCall call, ParsedUrl url)
    {
        foreach (var known in Named(url.Host))
        {
            if (known.Block is not null && !url.NoPort && !url.IsUnix)
            {
                call.Fail("upstream-with-port", $"upstream \"{url.Host}\" may not have port {url.Port}", 1,
                    "The servers of an upstream block have ports of their own.");
                return null;
            }
            if (known.Port == 0 || url.Port == 0 || known.Port == url.Port)
            {
                return known;
            }
        }
        var reference = new UpstreamReference(url, call.Position);
        _all.Add(reference);
        return reference;
    }

    /// <summary>upstream: defines a name, perhaps one that was referred to already.</summary>
    public bool Create(DirectiveCall call, UpstreamScope block)
    {
        foreach (var known in Named(block.Name))
        {
            if (known.Block is not null)
            {
                return call.Fail("duplicate-upstream", $"duplicate upstream \"{block.Name}\"", 1);
            }
            if (!known.NoPort)
            {
                session.Report(new ConfigurationProblem("upstream-with-port", ProblemLevel.Error,
                    $"upstream \"{block.Name}\" may not have port {known.Port}", known.Position,
                    "The servers of an upstream block have ports of their own."));
                return false;
            }
            known.Block = block;
            known.Port = 0;
            return true;
        }
        _all.Add(new UpstreamReference(ParsedUrl.Parse("0.0.0.0", 0), block.Position) { Block = block });
        return true;
    }

    private IEnumerable<UpstreamReference> Named(string host) =>
        _all.Where(known => (known.Block?.Name ?? known.Url.Host).Equals(host, StringComparison.OrdinalIgnoreCase));

    /// <summary>Looks up the implied ones, once all blocks are known (ngx_http_upstream_init_round_robin).</summary>
    public void Resolve()
    {
        var plans = new List<UpstreamPlan>();
        foreach (var reference in _all)
        {
            if ((reference.Block is { } block ? FromBlock(plans.Count, block) : Implied(plans.Count, reference)) is { } plan)
            {
                reference.Plan = plan;
                plans.Add(plan);
            }
        }
        Plans = plans;
    }

    public IReadOnlyList<UpstreamPlan> Plans { get; private set; } = [];

    private UpstreamPlan? FromBlock(int id, UpstreamScope block)
    {
        var keepalive = block.Get(UpstreamDirectives.Keepalive);
        if (block.Servers.Count > 0 && block.Servers.All(server => server.Backup))
        {
            session.Report(new ConfigurationProblem("no-primary-server", ProblemLevel.Error, $"no servers in upstream \"{block.Name}\"", block.Position));
            return null;
        }
        return new UpstreamPlan
        {
            Id = id,
            Name = block.Name,
            IsNamed = true,
            Servers = block.Servers,
            Keepalive = keepalive.Connections,
            KeepaliveLocal = keepalive.Local,
            IsShared = block.Get(UpstreamDirectives.Zone),
            KeepaliveRequests = block.Get(UpstreamDirectives.KeepaliveRequests),
            KeepaliveTime = block.Get(UpstreamDirectives.KeepaliveTime),
            KeepaliveTimeout = block.Get(UpstreamDirectives.KeepaliveTimeout),
            Balance = block.Get(UpstreamDirectives.Balance),
            Position = block.Position,
        };
    }

    private UpstreamPlan? Implied(int id, UpstreamReference reference)
    {
        var url = reference.Url;
        if (url.Addresses.Count == 0)
        {
            url.LookUp(url.Host, session.Options.Resolve);
            if (url.Error is { } error)
            {
                session.Report(new ConfigurationProblem("host-not-found", ProblemLevel.Error, $"{error} in upstream \"{url.Host}\"", reference.Position,
                    "Is there an upstream block of that name, spelled the same way?"));
                return null;
            }
        }
        var keepalive = UpstreamDirectives.Keepalive.Fallback;
        return new UpstreamPlan
        {
            Id = id,
            Name = url.IsUnix ? "unix:" + url.Host : url.Host,
            Servers = [new UpstreamServerPlan { Name = url.Host, Addresses = url.Addresses }],
            Keepalive = keepalive.Connections,
            KeepaliveLocal = keepalive.Local,
            Position = reference.Position,
        };
    }
}
