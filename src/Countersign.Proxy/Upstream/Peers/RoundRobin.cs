namespace Countersign.Proxy.Upstream.Peers;

/// <summary>Choices by weight and by number of connections (<c>ngx_http_upstream_round_robin.c</c>, <c>..._least_conn_module.c</c>).</summary>
internal static class RoundRobin
{
    /// <summary>Smooth weighted round robin among those of <paramref name="server"/>, or all.</summary>
    /// <param name="server">Name of the only server that takes part, or null.</param>
    /// <returns>A place in the group, or -1.</returns>
    public static int Choose(Peer[] peers, ReadOnlySpan<bool> tried, long now, string? server = null)
    {
        var best = -1;
        var total = 0;
        for (var index = 0; index < peers.Length; index++)
        {
            var peer = peers[index];
            if (tried[index] || !peer.IsLive(now) || (server is not null && !string.Equals(peer.Server.Name, server, StringComparison.Ordinal)))
            {
                continue;
            }
            total += Advance(peer);
            if (best < 0 || peer.CurrentWeight > peers[best].CurrentWeight)
            {
                best = index;
            }
        }
        if (best >= 0)
        {
            peers[best].CurrentWeight -= total;
        }
        return best;
    }

    /// <summary>Fewest connections for its weight; round robin among equals.</summary>
    public static int LeastConnections(Peer[] peers, ReadOnlySpan<bool> tried, long now)
    {
        var best = -1;
        var hasEquals = false;
        for (var index = 0; index < peers.Length; index++)
        {
            if (tried[index] || !peers[index].IsLive(now))
            {
                continue;
            }
            var difference = best < 0 ? -1 : Load(peers[index], peers[best]);
            if (difference < 0)
            {
                best = index;
                hasEquals = false;
            }
            else
            {
                hasEquals |= difference == 0;
            }
        }
        return hasEquals ? AmongEquals(peers, tried, now, best) : best;
    }

    private static int AmongEquals(Peer[] peers, ReadOnlySpan<bool> tried, long now, int best)
    {
        var total = 0;
        for (var index = best; index < peers.Length; index++)
        {
            var peer = peers[index];
            if (tried[index] || Load(peer, peers[best]) != 0 || !peer.IsLive(now))
            {
                continue;
            }
            total += Advance(peer);
            if (peer.CurrentWeight > peers[best].CurrentWeight)
            {
                best = index;
            }
        }
        peers[best].CurrentWeight -= total;
        return best;
    }

    /// <summary>Below zero when <paramref name="peer"/> has fewer connections for its weight than <paramref name="other"/>.</summary>
    public static long Load(Peer peer, Peer other) =>
        ((long)peer.Connections * other.Server.Weight) - ((long)other.Connections * peer.Server.Weight);

    private static int Advance(Peer peer)
    {
        var weight = peer.EffectiveWeight;
        peer.CurrentWeight += weight;
        // One that failed gets its weight back step by step.
        if (weight < peer.Server.Weight)
        {
            peer.EffectiveWeight++;
        }
        return weight;
    }
}
