using Countersign.Configuration;
using Countersign.Native;

namespace Countersign.Proxy.Upstream.Peers;

/// <summary>What a connection to a backend is good for: the same peer and, under TLS, the same identity on both sides.</summary>
/// <param name="Location">The only location that may use it again (<c>keepalive N local</c>), or null.</param>
/// <param name="Tls">Null without TLS.</param>
public readonly record struct BackendKind(Peer Peer, LocationPlan? Location, TlsIdentity? Tls);

/// <summary>A connection to a backend: in use by one request, or idle in its worker's pool.</summary>
public sealed class BackendConnection(Worker worker, BackendKind kind, Channel channel) : LoopTimer, IChannelObserver, ITlsClientEvents, IDisposable
{
    private BackendPool? _pool;

    public BackendKind Kind => kind;

    public Channel Channel => channel;

    /// <summary>Requests served so far, the present one included.</summary>
    public int Requests { get; set; }

    public long Started { get; } = worker.Loop.Now;

    /// <summary>It came from the pool: its backend may have closed it without our knowing.</summary>
    public bool IsReused { get; set; }

    internal LinkedListNode<BackendConnection>? Place { get; set; }

    /// <summary>Whether the idle connection is taken for dead when anything happens on it.</summary>
    internal void Rest(BackendPool pool, long milliseconds)
    {
        _pool = pool;
        channel.Observer = this;
        worker.Loop.SetTimer(this, milliseconds);
    }

    internal void Wake()
    {
        _pool = null;
        channel.Observer = null;
        worker.Loop.CancelTimer(this);
    }

    void IChannelObserver.OnEvent()
    {
        // As nginx: an idle backend that says something or closes is of no use any more.
        if (_pool is { } pool && (channel.HasHungUp || channel.HasKnownInput))
        {
            pool.Drop(this);
        }
    }

    protected internal override void OnDue() => _pool?.Drop(this);

    void ITlsClientEvents.OnSession(TlsConnection connection, TlsSession session)
    {
        if (kind is { Peer.Sessions: { } sessions, Tls: { } identity } && _pool is null)
        {
            sessions.Keep(identity, session);
        }
        else
        {
            session.Dispose();
        }
    }

    public void Dispose() => Close(quietly: false);

    /// <param name="quietly">Without close_notify, as nginx ends idle connections.</param>
    internal void Close(bool quietly)
    {
        if (channel.Descriptor < 0)
        {
            return;
        }
        worker.Loop.CancelTimer(this);
        channel.Observer = null;
        if (!quietly && channel.Tls is { IsHandshakeDone: true } tls)
        {
            _ = tls.ShutDown();
        }
        channel.Dispose();
        worker.Connections--;
    }
}
