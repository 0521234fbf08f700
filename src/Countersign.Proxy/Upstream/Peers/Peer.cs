using System.Net.Sockets;
using Countersign.Configuration;
using Countersign.Native;
using Countersign.Proxy.Accept;
using SocketAddress = Countersign.Native.SocketAddress;

namespace Countersign.Proxy.Upstream.Peers;

/// <summary>One address of an upstream and how it has been doing. Shared by all loops, guarded by its upstream's lock.</summary>
public sealed class Peer
{
    internal Peer(UpstreamServerPlan server, SocketAddress address, string text)
    {
        Server = server;
        Address = address;
        Text = text;
        EffectiveWeight = server.Weight;
    }

    public UpstreamServerPlan Server { get; }

    public SocketAddress Address { get; }

    /// <summary>$upstream_addr: <c>127.0.0.1:8081</c>, <c>unix:/path</c>.</summary>
    public string Text { get; }

    internal int CurrentWeight;
    internal int EffectiveWeight;
    internal int Connections;
    internal int Fails;
    /// <summary>Unix seconds of the last failure, and of the start of the present fail_timeout.</summary>
    internal long Accessed;
    internal long Checked;

    private TlsSession? _session;

    /// <summary>The TLS session to resume from, taken out: one connection uses it at a time.</summary>
    public TlsSession? TakeSession() => Interlocked.Exchange(ref _session, null);

    /// <summary>Keeps the session for the next connection; the one before goes.</summary>
    public void KeepSession(TlsSession session) => Interlocked.Exchange(ref _session, session)?.Dispose();

    internal static IEnumerable<Peer> Of(UpstreamServerPlan server) =>
        server.Addresses.Select(endPoint => new Peer(server, ListeningSocket.AddressOf(endPoint),
            endPoint is UnixDomainSocketEndPoint unix ? $"unix:{unix}" : endPoint.ToString()!));
}
