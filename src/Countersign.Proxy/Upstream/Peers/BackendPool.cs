using Countersign.Configuration;

namespace Countersign.Proxy.Upstream.Peers;

/// <summary>Idle connections of one loop to one upstream: at most <c>keepalive</c> of them, the longest unused goes first.</summary>
public sealed class BackendPool(UpstreamPlan plan)
{
    private readonly LinkedList<BackendConnection> _idle = new();

    /// <summary>An idle connection of that kind, or null.</summary>
    public BackendConnection? Take(BackendKind kind)
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

    /// <summary>Puts a connection whose answer was whole back; closes it when it has served its time.</summary>
    public void Keep(BackendConnection connection, long now)
    {
        if (plan.Keepalive == 0 || connection.Requests >= plan.KeepaliveRequests
            || now - connection.Started > (long)plan.KeepaliveTime.TotalMilliseconds
            || connection.Channel.HasHungUp || connection.Channel.Tls?.HasBuffered == true)
        {
            connection.Dispose();
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

    internal void Drop(BackendConnection connection)
    {
        if (connection.Place?.List is not null)
        {
            _idle.Remove(connection.Place);
        }
        connection.Wake();
        connection.Dispose();
    }

    /// <summary>Their plan has been replaced.</summary>
    public void Clear()
    {
        while (_idle.Last is { } last)
        {
            Drop(last.Value);
        }
    }
}
