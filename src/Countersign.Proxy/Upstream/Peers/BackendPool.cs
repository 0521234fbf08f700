using Countersign.Configuration;

namespace Countersign.Proxy.Upstream.Peers;

/// <summary>Idle connections of one loop to one upstream: at most <c>keepalive</c> of them, the longest unused goes first.</summary>
internal sealed class BackendPool(UpstreamPlan plan, Generation generation)
{
    private readonly LinkedList<BackendConnection> _idle = new();

    public Generation Generation => generation;

    public int Count => _idle.Count;

    /// <summary>The connection of that kind that was used last, or null.</summary>
    public BackendConnection? Take(in BackendKind kind)
    {
        for (var place = _idle.First; place is not null; place = place.Next)
        {
            var connection = place.Value;
            if (connection.Kind == kind)
            {
                _idle.Remove(place);
                connection.Wake();
                connection.IsReused = true;
                return connection;
            }
        }
        return null;
    }

    /// <summary>Puts a connection whose answer was whole back; closes it when it has served its time or its backend has more to say.</summary>
    public void Keep(BackendConnection connection, long now)
    {
        if (connection.Requests >= plan.KeepaliveRequests
            || now - connection.Started > (long)plan.KeepaliveTime.TotalMilliseconds
            || generation.IsRetired
            || connection.Channel.HasHungUp)
        {
            connection.Dispose();
            return;
        }
        if (connection.Channel.HasKnownInput)
        {
            connection.Close(quietly: true);
            return;
        }
        if (_idle.Count >= plan.Keepalive)
        {
            Drop(_idle.Last!.Value);
        }
        connection.Place ??= new LinkedListNode<BackendConnection>(connection);
        _idle.AddFirst(connection.Place);
        connection.Rest(this, (long)plan.KeepaliveTimeout.TotalMilliseconds);
    }

    public void Drop(BackendConnection connection)
    {
        if (connection.Place?.List is not null)
        {
            _idle.Remove(connection.Place);
        }
        connection.Wake();
        connection.Close(quietly: true);
    }

    public void Clear()
    {
        while (_idle.Last is { } last)
        {
            Drop(last.Value);
        }
    }
}

/// <summary>The pools of one loop.</summary>
public sealed class BackendPools
{
    private readonly Dictionary<UpstreamState, BackendPool> _pools = new(ReferenceEqualityComparer.Instance);

    /// <summary>An idle connection of that kind, or null.</summary>
    public BackendConnection? Take(UpstreamState state, in BackendKind kind) =>
        state.KeepsConnections && _pools.TryGetValue(state, out var pool) ? pool.Take(kind) : null;

    /// <summary>Keeps a connection whose answer was whole for another request, or closes it.</summary>
    public void Keep(Generation generation, UpstreamState state, BackendConnection connection, long now)
    {
        if (!state.KeepsConnections)
        {
            connection.Dispose();
            return;
        }
        if (!_pools.TryGetValue(state, out var pool))
        {
            _pools.Add(state, pool = new BackendPool(state.Plan, generation));
        }
        pool.Keep(connection, now);
    }

    /// <summary>Closes what waits under a plan that has been replaced.</summary>
    public void CloseRetired()
    {
        foreach (var (state, pool) in _pools)
        {
            if (pool.Generation.IsRetired)
            {
                pool.Clear();
                _pools.Remove(state);
            }
        }
    }

    public void Clear()
    {
        foreach (var pool in _pools.Values)
        {
            pool.Clear();
        }
        _pools.Clear();
    }
}
