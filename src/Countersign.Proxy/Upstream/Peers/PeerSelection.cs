using Countersign.Configuration;
using Countersign.Proxy.Request;

namespace Countersign.Proxy.Upstream.Peers;

/// <summary>How a peer did.</summary>
public enum PeerResult
{
    /// <summary>It answered.</summary>
    Live,
    /// <summary>It answered with a status that sends the request on (403, 404), which is no fault of its own.</summary>
    Next,
    /// <summary>It counts for max_fails.</summary>
    Failed,
}

/// <summary>
/// Chooses peers for one request: nginx's smooth weighted round robin with max_fails, fail_timeout, max_conns and backup servers
/// (<c>ngx_http_upstream_round_robin.c</c>). Used again for the next request.
/// </summary>
public sealed class PeerSelection
{
    private UpstreamState _state = null!;
    private Exchange _exchange = null!;
    private Peer[] _peers = [];
    private Peer? _current;
    private bool[] _tried = [];

    /// <summary>Peers that may still be tried, the one in use included.</summary>
    public int Tries { get; set; }

    public Peer Current => _current ?? throw new InvalidOperationException("No peer has been chosen.");

    public bool HasCurrent => _current is not null;

    public void Begin(Exchange exchange, UpstreamState state)
    {
        _exchange = exchange;
        _state = state;
        _peers = state.Primary;
        _current = null;
        var most = Math.Max(state.Primary.Length, state.Backup.Length);
        if (_tried.Length < most)
        {
            _tried = new bool[most];
        }
        _tried.AsSpan().Clear();
        Tries = state.Primary.Count(peer => !peer.Server.Down) + state.Backup.Count(peer => !peer.Server.Down);
    }

    /// <returns>False when nobody is left: <c>no live upstreams</c>.</returns>
    public bool Next()
    {
        lock (_state.Lock)
        {
            _current = Choose();
            if (_current is null && _peers == _state.Primary && _state.Backup.Length > 0)
            {
                _peers = _state.Backup;
                _tried.AsSpan().Clear();
                _current = Choose();
            }
            if (_current is not null)
            {
                _current.Connections++;
            }
            return _current is not null;
        }
    }

    /// <summary>The chosen peer has done its part, well or not.</summary>
    public void Free(PeerResult result)
    {
        if (_current is not { } peer)
        {
            return;
        }
        _current = null;
        var disabled = false;
        lock (_state.Lock)
        {
            peer.Connections--;
            if (_state.IsSingle(_peers))
            {
                peer.Fails = 0;
                Tries = 0;
                return;
            }
            if (result == PeerResult.Failed)
            {
                disabled = Blame(peer);
            }
            else if (peer.Accessed < peer.Checked)
            {
                peer.Fails = 0;
            }
            Tries = Math.Max(0, Tries - 1);
        }
        if (disabled)
        {
            _exchange.Log.Write(LogLevel.Warn, "upstream server temporarily disabled");
        }
    }

    private bool Blame(Peer peer)
    {
        var server = peer.Server;
        peer.Fails++;
        peer.Accessed = peer.Checked = Now;
        if (server.MaxFails > 0)
        {
            peer.EffectiveWeight = Math.Max(0, peer.EffectiveWeight - (server.Weight / server.MaxFails));
        }
        return server.MaxFails > 0 && peer.Fails >= server.MaxFails;
    }

    private Peer? Choose()
    {
        if (_state.IsSingle(_peers))
        {
            var only = _peers[0];
            return only.Server.Down || IsFull(only) ? null : only;
        }
        var chosen = _state.Plan.Balance.Kind == BalanceKind.LeastConnections ? LeastConnections() : RoundRobin(static (_, _) => true, 0);
        if (chosen < 0)
        {
            return null;
        }
        var peer = _peers[chosen];
        _tried[chosen] = true;
        if (Now - peer.Checked > (long)peer.Server.FailTimeout.TotalSeconds)
        {
            peer.Checked = Now;
        }
        return peer;
    }

    private int RoundRobin(Func<Peer, long, bool> takesPart, long argument)
    {
        var best = -1;
        var total = 0;
        for (var index = 0; index < _peers.Length; index++)
        {
            var peer = _peers[index];
            if (!IsUsable(index) || !takesPart(peer, argument))
            {
                continue;
            }
            peer.CurrentWeight += peer.EffectiveWeight;
            total += peer.EffectiveWeight;
            if (peer.EffectiveWeight < peer.Server.Weight)
            {
                peer.EffectiveWeight++;
            }
            if (best < 0 || peer.CurrentWeight > _peers[best].CurrentWeight)
            {
                best = index;
            }
        }
        if (best >= 0)
        {
            _peers[best].CurrentWeight -= total;
        }
        return best;
    }

    /// <summary>least_conn: fewest connections by weight; round robin among equals.</summary>
    private int LeastConnections()
    {
        Peer? best = null;
        var equals = 0;
        var first = -1;
        for (var index = 0; index < _peers.Length; index++)
        {
            var peer = _peers[index];
            if (!IsUsable(index))
            {
                continue;
            }
            var difference = best is null ? -1L : ((long)peer.Connections * best.Server.Weight) - ((long)best.Connections * peer.Server.Weight);
            if (difference < 0)
            {
                best = peer;
                first = index;
                equals = 1;
            }
            else if (difference == 0)
            {
                equals++;
            }
        }
        return equals <= 1
            ? first
            : RoundRobin(static (peer, ratio) => peer.Connections * (ratio & uint.MaxValue) == peer.Server.Weight * (ratio >> 32),
                ((long)best!.Connections << 32) | (uint)best.Server.Weight);
    }

    private bool IsUsable(int index)
    {
        var peer = _peers[index];
        var server = peer.Server;
        return !_tried[index] && !server.Down && !IsFull(peer)
            && (server.MaxFails == 0 || peer.Fails < server.MaxFails || Now - peer.Checked > (long)server.FailTimeout.TotalSeconds);
    }

    private static bool IsFull(Peer peer) => peer.Server.MaxConnections > 0 && peer.Connections >= peer.Server.MaxConnections;

    private long Now => _exchange.Worker.Time.GetUtcNow().ToUnixTimeSeconds();
}
