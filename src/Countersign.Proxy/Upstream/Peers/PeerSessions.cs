using Countersign.Native;

namespace Countersign.Proxy.Upstream.Peers;

/// <summary>
/// TLS sessions to resume from at one peer: the last one for each way of speaking TLS to it. A session carries what was verified and
/// who we were, so it is never taken for another name, trust or certificate. Shared by all loops.
/// </summary>
public sealed class PeerSessions : IDisposable
{
    /// <summary>Names and certificates with variables make as many ways as clients like; more than these do not resume.</summary>
    private const int MaximumKept = 16;

    private readonly Lock _lock = new();
    private readonly List<(TlsIdentity Identity, TlsSession Session)> _kept = [];
    private bool _disposed;

    /// <summary>A connection that tries to resume. libssl takes its own reference to the session, which another loop may replace meanwhile.</summary>
    /// <exception cref="TlsConfigurationException">with nginx's text.</exception>
    public TlsConnection Connect(TlsIdentity identity, int socket, ITlsClientEvents events)
    {
        lock (_lock)
        {
            var at = Find(identity);
            var session = at < 0 ? null : _kept[at].Session;
            return TlsConnection.Connect(identity.Context, socket, identity.ServerName, identity.VerifyName, session, events);
        }
    }

    /// <summary>Takes the session over; the one before it goes.</summary>
    public void Keep(TlsIdentity identity, TlsSession session)
    {
        lock (_lock)
        {
            if (_disposed)
            {
                session.Dispose();
                return;
            }
            var at = Find(identity);
            if (at < 0 && _kept.Count >= MaximumKept)
            {
                at = 0;
            }
            if (at >= 0)
            {
                _kept[at].Session.Dispose();
                _kept.RemoveAt(at);
            }
            _kept.Add((identity, session));
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            _kept.ForEach(kept => kept.Session.Dispose());
            _kept.Clear();
        }
    }

    private int Find(TlsIdentity identity)
    {
        for (var index = 0; index < _kept.Count; index++)
        {
            if (_kept[index].Identity == identity)
            {
                return index;
            }
        }
        return -1;
    }
}
