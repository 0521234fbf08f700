using Countersign.Configuration;
using Countersign.Proxy.Request;
using Countersign.Proxy.Route;

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
/// Chooses peers for one request by the upstream's method, with max_fails, fail_timeout, max_conns and backup servers as nginx has
/// them. Used again for the next request.
/// </summary>
public sealed class PeerSelection
{
    private UpstreamState _state = null!;
    private Exchange _exchange = null!;
    private PeerGroup _group = null!;
    private Peer? _current;
    private KeyedChoice _choice;
    private bool[] _tried = [];

    /// <summary>Peers that may still be tried, the one in use included.</summary>
    public int Tries { get; set; }

    public Peer Current => _current ?? throw new InvalidOperationException("No peer has been chosen.");

    public bool HasCurrent => _current is not null;

    /// <summary>For <c>random</c>.</summary>
    internal Random Random { get; init; } = Random.Shared;

    public void Begin(Exchange exchange, UpstreamState state)
    {
        _exchange = exchange;
        _state = state;
        _group = state.Primary;
        _current = null;
        var most = Math.Max(state.Primary.Peers.Length, state.Backup?.Peers.Length ?? 0);
        if (_tried.Length < most)
        {
            _tried = new bool[most];
        }
        _tried.AsSpan().Clear();
        Tries = state.Tries;
        switch (state.Plan.Balance)
        {
            case { Kind: BalanceKind.Hash, Key: { } key } when state.Ring is { } ring:
                _choice.BeginRing(ring, Values.Evaluate(exchange, key));
                break;
            case { Kind: BalanceKind.Hash, Key: { } key }:
                _choice.Begin(Values.Evaluate(exchange, key));
                break;
            case { Kind: BalanceKind.IpHash }:
                _choice.BeginAddress();
                break;
            default:
                _choice.Begin(default);
                break;
        }
    }

    /// <returns>False when nobody is left: <c>no live upstreams</c>.</returns>
    public bool Next()
    {
        if (_state.Lock is not { } shared)
        {
            return TakeNext();
        }
        lock (shared)
        {
            return TakeNext();
        }
    }

    private bool TakeNext()
    {
        var now = Now;
        _current = Choose(now);
        if (_current is null && ReferenceEquals(_group, _state.Primary) && _state.Backup is { } backup)
        {
            _group = backup;
            _tried.AsSpan().Clear();
            _current = Choose(now);
        }
        if (_current is not null)
        {
            _current.Connections++;
        }
        return _current is not null;
    }

    /// <summary>The chosen peer has done its part, well or not.</summary>
    public void Free(PeerResult result)
    {
        if (_current is not { } peer)
        {
            return;
        }
        _current = null;
        bool disabled;
        if (_state.Lock is { } shared)
        {
            lock (shared)
            {
                disabled = Free(peer, result);
            }
        }
        else
        {
            disabled = Free(peer, result);
        }
        if (disabled)
        {
            _exchange.Log.Write(LogLevel.Warn, "upstream server temporarily disabled");
        }
    }

    /// <returns>It is out of use now.</returns>
    private bool Free(Peer peer, PeerResult result)
    {
        peer.Connections--;
        if (_group.IsSingle)
        {
            Tries = 0;
            return false;
        }
        Tries = Math.Max(0, Tries - 1);
        if (result == PeerResult.Failed)
        {
            return peer.Blame(Now);
        }
        if (peer.Accessed < peer.Checked)
        {
            peer.Fails = 0;
        }
        return false;
    }

    private Peer? Choose(long now)
    {
        if (_group.IsSingle)
        {
            var only = _group.Peers[0];
            return only.Server.Down || only.IsFull ? null : only;
        }
        var chosen = ChooseByMethod(now);
        if (chosen < 0)
        {
            return null;
        }
        var peer = _group.Peers[chosen];
        _tried[chosen] = true;
        peer.Check(now);
        return peer;
    }

    private int ChooseByMethod(long now)
    {
        var chosen = _state.Plan.Balance.Kind switch
        {
            BalanceKind.LeastConnections => RoundRobin.LeastConnections(_group.Peers, _tried, now),
            BalanceKind.Hash when _state.Ring is { } ring => _choice.Ring(ring, _group, _tried, now),
            BalanceKind.Hash => _choice.Hash(_group, _tried, now),
            BalanceKind.IpHash => _choice.Address(_exchange.Client.Peer, _group, _tried, now),
            BalanceKind.Random => _choice.Chance(Random, ofTwo: false, _group, _tried, now),
            BalanceKind.RandomTwo => _choice.Chance(Random, ofTwo: true, _group, _tried, now),
            _ => KeyedChoice.GaveUp,
        };
        return chosen == KeyedChoice.GaveUp ? RoundRobin.Choose(_group.Peers, _tried, now) : chosen;
    }

    private long Now => _exchange.Worker.Time.GetUtcNow().ToUnixTimeSeconds();
}
