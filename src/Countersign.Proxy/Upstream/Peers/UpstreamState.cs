using Countersign.Configuration;

namespace Countersign.Proxy.Upstream.Peers;

/// <summary>The peers of one upstream, the backup ones apart, as nginx keeps them: of one loop, or with <c>zone</c> of all.</summary>
public sealed class UpstreamState : IDisposable
{
    /// <param name="isAdHoc">An address that a URL with variables came to: nothing is kept for it, as under nginx.</param>
    public UpstreamState(UpstreamPlan plan, bool isAdHoc = false)
    {
        Plan = plan;
        Peer[] backup = [.. plan.Servers.Where(server => server.Backup).SelectMany(server => Peer.Of(server, keepsSessions: !isAdHoc))];
        Peer[] primary = [.. plan.Servers.Where(server => !server.Backup).SelectMany(server => Peer.Of(server, keepsSessions: !isAdHoc))];
        Backup = backup.Length > 0 ? new PeerGroup(backup, isSingle: false) : null;
        Primary = new PeerGroup(primary, isSingle: primary.Length == 1 && Backup is null);
        Ring = plan.Balance is { Kind: BalanceKind.Hash, Consistent: true } ? new HashRing(primary) : null;
        Lock = isAdHoc ? null : new Lock();
    }

    private UpstreamState(UpstreamState shared)
    {
        Plan = shared.Plan;
        Primary = shared.Primary.ForOneLoop();
        Backup = shared.Backup?.ForOneLoop();
        Ring = shared.Ring;
    }

    /// <summary>The same upstream as one loop knows it.</summary>
    internal UpstreamState ForOneLoop() => new(this);

    public UpstreamPlan Plan { get; }

    /// <summary>As nginx: only an <c>upstream</c> block has idle connections.</summary>
    public bool KeepsConnections => Plan is { IsNamed: true, Keepalive: > 0 };

    internal PeerGroup Primary { get; }

    internal PeerGroup? Backup { get; }

    /// <summary>Of hash ... consistent.</summary>
    internal HashRing? Ring { get; }

    /// <summary>Of those that loops share; null where nobody else looks, or at nothing that matters.</summary>
    internal Lock? Lock { get; }

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

    public PeerGroup ForOneLoop() => new([.. peers.Select(peer => peer.ForOneLoop())], isSingle);

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
/// <param name="loops">That serve by it.</param>
public sealed class UpstreamSet(HttpPlan plan, int loops) : IDisposable
{
    /// <summary>Those with <c>zone</c>, and all for a loop that the plan does not count on: one that a reload ends.</summary>
    private readonly UpstreamState[] _shared = Shared(plan);
    private readonly UpstreamState[][] _own = new UpstreamState[loops][];

    /// <summary>On the loop's thread.</summary>
    public UpstreamState Of(UpstreamPlan upstream, int loop) =>
        upstream.IsShared || loop >= _own.Length ? _shared[upstream.Id] : (_own[loop] ??= Own())[upstream.Id];

    public void Dispose()
    {
        foreach (var state in _shared)
        {
            state.Dispose();
        }
    }

    private static UpstreamState[] Shared(HttpPlan plan) => [.. plan.Upstreams.Select(upstream => new UpstreamState(upstream))];

    private UpstreamState[] Own() => [.. _shared.Select(state => state.ForOneLoop())];
}
