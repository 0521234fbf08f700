using Countersign.Configuration;
using Countersign.Proxy.Accept;
using SocketAddress = Countersign.Native.SocketAddress;

namespace Countersign.Proxy.Upstream.Peers;

/// <summary>One address of an upstream and how it has been doing, for one loop or, guarded by its upstream's lock, for all.</summary>
public sealed class Peer
{
    /// <param name="sessions">Null where none are kept.</param>
    internal Peer(UpstreamServerPlan server, SocketAddress address, PeerSessions? sessions)
    {
        Server = server;
        Address = address;
        Text = ByteText.FromUnicode(address.ToString());
        EffectiveWeight = server.Weight;
        Sessions = sessions;
    }

    public UpstreamServerPlan Server { get; }

    public SocketAddress Address { get; }

    /// <summary>$upstream_addr: <c>127.0.0.1:8081</c>, <c>unix:/path</c>.</summary>
    public string Text { get; }

    /// <summary>TLS sessions to resume from; null where none are kept.</summary>
    public PeerSessions? Sessions { get; }

    internal int CurrentWeight;
    internal int EffectiveWeight;
    internal int Connections;
    internal int Fails;
    /// <summary>Second of the last failure, and of the start of the present fail_timeout.</summary>
    internal long Accessed;
    internal long Checked;

    internal static IEnumerable<Peer> Of(UpstreamServerPlan server, bool keepsSessions) =>
        server.Addresses.Select(endPoint => new Peer(server, ListeningSocket.AddressOf(endPoint), keepsSessions ? new PeerSessions() : null));

    /// <summary>The same for one loop, which nothing is known to yet but TLS sessions.</summary>
    internal Peer ForOneLoop() => new(Server, Address, Sessions);

    internal bool IsFull => Server.MaxConnections > 0 && Connections >= Server.MaxConnections;

    /// <summary>Not down, not over max_conns, and not out of use after too many failures.</summary>
    internal bool IsLive(long now) =>
        !Server.Down && !(Server.MaxFails > 0 && Fails >= Server.MaxFails && now - Checked <= FailTimeout) && !IsFull;

    /// <summary>It has been chosen: after fail_timeout one request finds out whether it works again.</summary>
    internal void Check(long now)
    {
        if (now - Checked > FailTimeout)
        {
            Checked = now;
        }
    }

    /// <returns>It is out of use now.</returns>
    internal bool Blame(long now)
    {
        Fails++;
        Accessed = Checked = now;
        if (Server.MaxFails == 0)
        {
            return false;
        }
        EffectiveWeight = Math.Max(0, EffectiveWeight - (Server.Weight / Server.MaxFails));
        return Fails >= Server.MaxFails;
    }

    private long FailTimeout => (long)Server.FailTimeout.TotalSeconds;
}
