using System.Net;
using Countersign.Configuration;
using Countersign.Proxy.Request;
using Countersign.Proxy.Upstream.Peers;

namespace Countersign.Proxy.Tests.Upstream;

/// <summary>One upstream block, and requests that ask it for peers.</summary>
internal sealed class SelectionCase : IDisposable
{
    private readonly OneClient _client;
    private readonly Exchange _exchange;
    private UpstreamState _state;

    public SelectionCase(string block, IPAddress? from = null)
    {
        _client = new OneClient($"upstream u {{ {block} }}", Time, from);
        _exchange = _client.Begin();
        _state = _exchange.Generation.Backends.Upstreams.Of(_exchange.Generation.Http.Upstreams.Single(upstream => upstream.Name == "u"), loop: 0);
    }

    /// <summary>Requests from now on are another loop's.</summary>
    public void GoToLoop(int loop) => _state = _exchange.Generation.Backends.Upstreams.Of(_state.Plan, loop);

    public SettableTime Time { get; } = new();

    /// <summary>Lines of the error log, without those for debugging.</summary>
    public IEnumerable<string> Log => _client.Log.Where(line => !line.StartsWith("[debug]", StringComparison.Ordinal));

    /// <summary>A request of its own; <paramref name="key"/> is its $arg_k.</summary>
    public PeerSelection Request(string key = "", Random? random = null)
    {
        var exchange = key.Length == 0 ? _exchange : _client.Begin();
        exchange.Arguments = new Bytes(ByteText.ToBytes("k=" + key));
        var selection = new PeerSelection { Random = random ?? Random.Shared };
        selection.Begin(exchange, _state);
        return selection;
    }

    /// <summary>The same object for another request.</summary>
    public void Renew(PeerSelection selection) => selection.Begin(_exchange, _state);

    /// <summary>Asks once, and tells how it went.</summary>
    /// <returns>The peer's name, shortened to its port or path; null when nobody is live.</returns>
    public static string? Ask(PeerSelection selection, PeerResult result)
    {
        if (!selection.Next())
        {
            return null;
        }
        var name = Short(selection.Current);
        selection.Free(result);
        return name;
    }

    /// <summary>One request that asks once.</summary>
    public string? Once(PeerResult result = PeerResult.Live, string key = "") => Ask(Request(key), result);

    /// <summary>One request that nobody answers: everybody it asks, in order.</summary>
    public string Everybody(string key = "")
    {
        var selection = Request(key);
        var asked = new List<string>();
        while (selection.Tries > 0 && Ask(selection, PeerResult.Failed) is { } name)
        {
            asked.Add(name);
        }
        return string.Join(' ', asked);
    }

    public static string Short(Peer peer) => peer.Text[(peer.Text.LastIndexOf(':') + 1)..];

    public void Dispose() => _client.Dispose();
}
