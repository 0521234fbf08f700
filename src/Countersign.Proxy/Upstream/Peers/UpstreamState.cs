using Countersign.Configuration;

namespace Countersign.Proxy.Upstream.Peers;

/// <summary>The peers of one upstream, the backup ones apart, as nginx keeps them.</summary>
public sealed class UpstreamState
{
    public UpstreamState(UpstreamPlan plan)
    {
        Plan = plan;
        Primary = [.. plan.Servers.Where(server => !server.Backup).SelectMany(Peer.Of)];
        Backup = [.. plan.Servers.Where(server => server.Backup).SelectMany(Peer.Of)];
    }

    public UpstreamPlan Plan { get; }

    public Peer[] Primary { get; }

    public Peer[] Backup { get; }

    internal Lock Lock { get; } = new();

    /// <summary>The only peer there is: it is never taken out of use.</summary>
    internal bool IsSingle(Peer[] peers) => peers == Primary && Primary.Length == 1 && Backup.Length == 0;
}

/// <summary>State of every upstream of a plan.</summary>
public sealed class UpstreamSet(HttpPlan plan)
{
    private readonly UpstreamState[] _states = [.. plan.Upstreams.Select(upstream => new UpstreamState(upstream))];

    public UpstreamState Of(UpstreamPlan upstream) => _states[upstream.Id];

    /// <summary>For a proxy_pass with variables: by the name of an upstream block.</summary>
    public UpstreamState? Find(string name) =>
        Array.Find(_states, state => state.Plan.IsNamed && string.Equals(state.Plan.Name, name, StringComparison.OrdinalIgnoreCase));
}
