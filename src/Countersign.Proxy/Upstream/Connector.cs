using System.Net;
using System.Runtime.CompilerServices;
using Countersign.Configuration;
using Countersign.Native;
using Countersign.Proxy.Request;
using Countersign.Proxy.Route;
using Countersign.Proxy.Upstream.Peers;
using SocketAddress = Countersign.Native.SocketAddress;

namespace Countersign.Proxy.Upstream;

/// <summary>Gets a connection to the chosen peer: an idle one, or a new one with its TLS handshake. Failures are logged in nginx's words.</summary>
internal static class Connector
{
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    public static async ValueTask<PassResult> ConnectAsync(Passing passing)
    {
        passing.Log.Action = "connecting to upstream";
        var state = passing.Target.State;
        var kind = new BackendKind(
            passing.Peers.Current,
            state.Plan.KeepaliveLocal ? passing.Exchange.Location : null,
            passing.Target.IsTls ? passing.Exchange.Generation.Backends.Tls.Of(passing.Exchange, passing.Target.HostHeader) : null);
        var worker = passing.Worker;
        if (worker.Pools.Take(state, kind) is { } idle)
        {
            passing.Connection = idle;
            passing.Attempt.ConnectTime = 0;
            Observe(passing);
            return PassResult.Done;
        }
        var deadline = worker.Loop.Now + (long)passing.Settings.ConnectTimeout.TotalMilliseconds;
        var result = Open(passing, kind, out var isConnected);
        if (result == PassResult.Done && !isConnected)
        {
            result = await WaitAsync(passing, deadline);
        }
        if (result == PassResult.Done && passing.Target.IsTls)
        {
            result = await BackendHandshake.RunAsync(passing, deadline);
        }
        if (result == PassResult.Done)
        {
            passing.Attempt.ConnectTime = worker.Loop.Now - passing.AttemptStarted;
        }
        return result;
    }

    /// <summary>The level of an error of the peer's or the network's making, or of another (<c>ngx_connection_error</c>).</summary>
    public static LogLevel LevelOf(int error) => error is 0 or Errno.ConnectionReset or Errno.BrokenPipe or Errno.NotConnected or Errno.TimedOut
        or Errno.ConnectionRefused or Errno.NetworkDown or Errno.NetworkUnreachable or Errno.HostDown or Errno.HostUnreachable
        ? LogLevel.Error : LogLevel.Alert;

    /// <summary>nginx's <c>ngx_event_connect_peer</c>.</summary>
    private static PassResult Open(Passing passing, in BackendKind kind, out bool isConnected)
    {
        isConnected = false;
        if (!passing.Worker.HasRoom(passing.Log))
        {
            return PassResult.Internal;
        }
        var address = kind.Peer.Address;
        var socket = Socket.Open(address.Family);
        if (socket < 0)
        {
            passing.Log.Write(LogLevel.Alert, "socket() failed", -socket);
            return PassResult.Internal;
        }
        if (!Tune(passing, socket, address.Family))
        {
            _ = Socket.Close(socket);
            return PassResult.Internal;
        }
        var result = Socket.Connect(socket, address);
        if (result < 0 && result != -Errno.InProgress)
        {
            _ = Socket.Close(socket);
            var level = -result is Errno.ConnectionRefused or Errno.Again or Errno.ConnectionReset or Errno.NetworkDown or Errno.NetworkUnreachable
                or Errno.HostDown or Errno.HostUnreachable ? LogLevel.Error : LogLevel.Crit;
            passing.Log.Write(level, $"connect() to {kind.Peer.Text} failed", -result);
            return PassResult.Error;
        }
        isConnected = result == 0;
        result = Channel.Open(passing.Worker.Loop, socket, out var channel);
        if (result < 0)
        {
            passing.Log.Write(LogLevel.Alert, "epoll_ctl() failed", -result);
            return PassResult.Internal;
        }
        passing.Worker.Connections++;
        passing.Connection = new BackendConnection(passing.Worker, kind, channel!);
        Observe(passing);
        return PassResult.Done;
    }

    /// <summary>Until the connect has come to its end, the client is gone, or proxy_connect_timeout is over.</summary>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private static async ValueTask<PassResult> WaitAsync(Passing passing, long deadline)
    {
        var loop = passing.Worker.Loop;
        while (!passing.Backend.HasBeenWritable)
        {
            if (passing.IsClientGone)
            {
                return PassResult.ClientGone;
            }
            // Even with no time left: what has come in this turn counts, as under nginx.
            if (!await passing.Wake.Within(Math.Max(0, deadline - loop.Now)))
            {
                return PassResult.Timeout;
            }
        }
        var error = -Socket.TakeError(passing.Backend.Descriptor);
        if (error == 0)
        {
            return PassResult.Done;
        }
        passing.Log.Write(LevelOf(error), "connect() failed", error);
        return PassResult.Error;
    }

    /// <summary>From now on both channels wake the request.</summary>
    private static void Observe(Passing passing)
    {
        passing.Backend.Observer = passing.Wake;
        passing.Client.Observer = passing.Wake;
    }

    /// <returns>False when the socket cannot be bound as the configuration wants.</returns>
    private static bool Tune(Passing passing, int socket, SocketFamily family)
    {
        if (passing.Settings.SocketKeepalive && SocketOption.KeepAlive(socket, true) is var kept and < 0)
        {
            passing.Log.Write(LogLevel.Alert, "setsockopt(SO_KEEPALIVE) failed, ignored", -kept);
        }
        if (family != SocketFamily.Unix)
        {
            _ = SocketOption.NoDelay(socket, true);
        }
        return passing.Settings.Bind is not { } bind || Bind(passing, socket, family, Values.Evaluate(passing.Exchange, bind));
    }

    private static bool Bind(Passing passing, int socket, SocketFamily family, Bytes from)
    {
        if (from.IsEmpty)
        {
            return true;
        }
        var text = from.ToString();
        // "127.1" and "2130706433" are addresses to .NET alone.
        if (!IPEndPoint.TryParse(text, out var endPoint) || (!text.Contains('[') && text.Count(c => c == ':') < 2 && text.Count(c => c == '.') != 3))
        {
            passing.Log.Write(LogLevel.Error, $"invalid local address \"{text}\"");
            return true;
        }
        if (endPoint.Port == 0 && family != SocketFamily.Unix)
        {
            _ = SocketOption.BindAddressNoPort(socket);
        }
        var result = Socket.Bind(socket, SocketAddress.FromIP(endPoint.Address, endPoint.Port));
        if (result < 0)
        {
            passing.Log.Write(LogLevel.Crit, $"bind({text}) failed", -result);
        }
        return result == 0;
    }
}
