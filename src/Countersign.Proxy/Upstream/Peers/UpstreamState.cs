using Countersign.Configuration;

namespace Countersign.Proxy.Upstream.Peers;

/// <summary>The peers of one upstream, the backup ones apart, as nginx keeps them. Shared by all loops.</summary>
public sealed class UpstreamState : IDisposable
{
    /// <param name="isAdHoc">An address that a URL with variables came to: nothing is kept for it, as under nginx.</param>
    public UpstreamState(UpstreamPlan plan, bool isAdHoc = false)
    {
        Plan = plan;
        Peer[] backup = [.. plan.Servers.Where(server => server.Backup).SelectMany(server => Peer.Of(server, keepsSessions: !isAdHoc))];
        Backup = backup.Length > 0 ? new PeerGroup(backup, isSingle: false) : null;
        Peer[] primary = [.. plan.Servers.Where(server => !server.Backup).SelectMany(server => Peer.Of(server, keepsSessions: !isAdHoc))];
        Primary = new PeerGroup(primary, isSingle: primary.Length == 1 && Backup is null);
        Ring = plan.Balance is { Kind: BalanceKind.Hash, Consistent: true } ? new HashRing(primary) : null;
    }

    public UpstreamPlan Plan { get; }

    /// <summary>As nginx: only an <c>upstream</c> block has idle connections.</summary>
    public bool KeepsConnections => Plan is { IsNamed: true, Keepalive: > 0 };

    internal PeerGroup Primary { get; }

    internal PeerGroup? Backup { get; }

    /// <summary>Of hash ... consistent.</summary>
    internal HashRing? Ring { get; }

    /// <summary>The only peer there is, with no limit to its connections: nothing about it is written down, so nobody is locked out meanwhile.</summary>
    internal bool IsWithoutChoice => Primary.IsSingle && Primary.Peers[0].Server.MaxConnections == 0;

    internal Lock Lock { get; } = new();

    /// <summary>Tries a request has before proxy_next_upstream_tries: servers that are down count for none.</summary>
    internal int Tries => Primary.Tries + (Backup?.Tries ?? 0);

    public void Dispose()
    {
        foreach (var peer in Primary.Peers.Concat(Backup?.Peers ?? []))
        {
            peer.Sessions?.Dispose();
        }
    }
}

/// <summary>The primary servers of an upstream, or the backup ones.</summary>
/// <param name="peers">In the order of the file.</param>
/// <param name="isSingle">The only peer there is: it is never taken out of use.</param>
internal sealed class PeerGroup(Peer[] peers, bool isSingle)
{
    public Peer[] Peers => peers;

    public bool IsSingle => isSingle;

    public int TotalWeight { get; } = peers.Sum(peer => peer.Server.Weight);

    public int Tries { get; } = peers.Count(peer => !peer.Server.Down);

    /// <summary>The peer at a place among the weights, from 0 to <see cref="TotalWeight"/> - 1.</summary>
    public int At(long place)
    {
        var index = 0;
        while (place >= peers[index].Server.Weight)
        {
            place -= peers[index++].Server.Weight;
        }
        return index;
    }
}

/// <summary>State of every upstream of a plan.</summary>
public sealed class UpstreamSet(HttpPlan plan) : IDisposable
{
    private readonly UpstreamState[] _states = [.. plan.Upstreams.Select(upstream => new UpstreamState(upstream))];

    public UpstreamState Of(UpstreamPlan upstream) => _states[upstream.Id];

    /// <summary>For a proxy_pass with variables: by the name of an upstream block.</summary>
    public UpstreamState? Find(string name) =>
        Array.Find(_states, state => state.Plan.IsNamed && string.Equals(state.Plan.Name, name, StringComparison.OrdinalIgnoreCase));

    public void Dispose()
    {
        foreach (var state in _states)
        {
            state.Dispose();
        }
    }
}
