using SocketAddress = Countersign.Native.SocketAddress;
using Countersign.Native;
using Countersign.Proxy.Request;

namespace Countersign.Proxy.Route.Variables;

/// <summary>Variables about the client's connection, the process and the time.</summary>
internal static class ConnectionVariables
{
    private static readonly Bytes HostName = VariableText.Constant(System.Net.Dns.GetHostName().ToLowerInvariant());
    private static readonly Bytes Version = VariableText.Constant(Signature.Nginx);
    private static readonly Bytes Process = VariableText.Constant(Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture));

    private static readonly Bytes Pipelined = VariableText.Constant("p");
    private static readonly Bytes NotPipelined = VariableText.Constant(".");

    public static VariableGetter? Find(string name) => name switch
    {
        "remote_addr" => x => new Bytes(x.Client.PeerText),
        "remote_port" => x => Port(x, x.Client.Peer.Port),
        "binary_remote_addr" => x => x.Arena.Copy(x.Client.Peer.Family == SocketFamily.Unix ? x.Client.PeerText : x.Client.Peer.IPBytes),
        "server_addr" => x => Address(x, x.Client.Local),
        "server_port" => x => Port(x, x.Client.Local.Port),
        "proxy_protocol_addr" => x => x.Client.ProxyProtocol?.Source is { } source ? new Bytes(source) : default,
        "proxy_protocol_port" => x => x.Client.ProxyProtocol is { } header ? Port(x, header.SourcePort) : default,
        "proxy_protocol_server_addr" => x => x.Client.ProxyProtocol?.Destination is { } destination ? new Bytes(destination) : default,
        "proxy_protocol_server_port" => x => x.Client.ProxyProtocol is { } header ? Port(x, header.DestinationPort) : default,
        "connection" => x => VariableText.Number(x, x.Client.Number),
        "connection_requests" => x => VariableText.Number(x, x.Client.Requests),
        "connection_time" => x => VariableText.Seconds(x, x.Worker.Loop.Now - x.Client.Started),
        "pipe" => x => x.IsPipelined ? Pipelined : NotPipelined,
        "hostname" => _ => HostName,
        "nginx_version" => _ => Version,
        "pid" => _ => Process,
        "msec" => x => VariableText.Seconds(x, x.Worker.Time.GetUtcNow().ToUnixTimeMilliseconds()),
        "time_local" => x => x.Arena.Copy(x.Worker.Clock.Local),
        "time_iso8601" => x => x.Arena.Copy(x.Worker.Clock.Iso),
        "tcpinfo_rtt" => Tcp(tcp => tcp.RoundTrip),
        "tcpinfo_rttvar" => Tcp(tcp => tcp.RoundTripVariance),
        "tcpinfo_snd_cwnd" => Tcp(tcp => tcp.CongestionWindow),
        "tcpinfo_rcv_space" => Tcp(tcp => tcp.ReceiveSpace),
        _ => ProxyProtocolValue.Find(name),
    };

    private static VariableGetter Tcp(Func<TcpInformation, uint> read) => x =>
        x.Client.Channel.Descriptor is >= 0 and var socket && SocketOption.TryGetTcpInformation(socket, out var tcp)
            ? VariableText.Number(x, read(tcp)) : default;

    private static Bytes Address(Exchange exchange, SocketAddress address)
    {
        Span<byte> text = stackalloc byte[SocketAddressText.MaximumLength];
        return exchange.Arena.Copy(text[..address.Format(text, withPort: false)]);
    }

    /// <summary>Empty for a unix socket.</summary>
    private static Bytes Port(Exchange exchange, int port) => port == 0 ? VariableText.Empty : VariableText.Number(exchange, port);
}
