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
    private static readonly Bytes Alone = VariableText.Constant(".");

    public static VariableGetter? Find(string name) => name switch
    {
        "remote_addr" => x => new Bytes(x.Client.PeerText),
        "remote_port" => x => Port(x, x.Client.Peer),
        "binary_remote_addr" => x => x.Arena.Copy(x.Client.Peer.Family == SocketFamily.Unix ? x.Client.PeerText : x.Client.Peer.IPBytes),
        "server_addr" => x => Address(x, x.Client.Local),
        "server_port" => x => Port(x, x.Client.Local),
        "proxy_protocol_addr" => x => x.Client.ProxyProtocolPeer is { } peer ? Address(x, peer) : default,
        "proxy_protocol_port" => x => x.Client.ProxyProtocolPeer is { } peer ? Port(x, peer) : default,
        "proxy_protocol_server_addr" => x => x.Client.ProxyProtocolLocal is { } local ? Address(x, local) : default,
        "proxy_protocol_server_port" => x => x.Client.ProxyProtocolLocal is { } local ? Port(x, local) : default,
        "connection" => x => VariableText.Number(x, x.Client.Number),
        "connection_requests" => x => VariableText.Number(x, x.Client.Requests),
        "connection_time" => x => VariableText.Seconds(x, x.Worker.Loop.Now - x.Client.Started),
        "pipe" => x => x.IsPipelined ? Pipelined : Alone,
        "hostname" => _ => HostName,
        "nginx_version" => _ => Version,
        "pid" => _ => Process,
        "msec" => x => VariableText.Seconds(x, x.Worker.Time.GetUtcNow().ToUnixTimeMilliseconds()),
        "time_local" => x => x.Arena.Copy(x.Worker.Clock.Local),
        "time_iso8601" => x => x.Arena.Copy(x.Worker.Clock.Iso),
        _ => null,
    };

    private static Bytes Address(Exchange exchange, SocketAddress address)
    {
        Span<byte> text = stackalloc byte[SocketAddressText.MaximumLength];
        return exchange.Arena.Copy(text[..address.Format(text, withPort: false)]);
    }

    private static Bytes Port(Exchange exchange, SocketAddress address) =>
        address.Family == SocketFamily.Unix ? new Bytes([]) : VariableText.Number(exchange, address.Port);
}
