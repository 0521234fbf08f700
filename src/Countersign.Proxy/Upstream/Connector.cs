using System.Net;
using SocketAddress = Countersign.Native.SocketAddress;
using System.Runtime.CompilerServices;
using System.Text;
using Countersign.Configuration;
using Countersign.Native;
using Countersign.Proxy.Route;
using Countersign.Proxy.Upstream.Peers;

namespace Countersign.Proxy.Upstream;

/// <summary>Gets a connection to the chosen peer: an idle one, or a new one with its TLS handshake. Failures are logged in nginx's words.</summary>
internal static class Connector
{
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    public static async ValueTask<PassResult> ConnectAsync(Passing passing)
    {
        var peer = passing.Peers.Current;
        var tlsName = passing.Target.IsTls ? TlsName(passing) : null;
        var kind = new BackendKind(peer, passing.Target.IsTls ? passing.Settings.Ssl : null, tlsName);
        var worker = passing.Worker;
        if (worker.Pools.Of(passing.Exchange.Generation, passing.Target.State).Take(kind) is { } idle)
        {
            passing.Connection = idle;
            passing.Attempt.ConnectTime = 0;
            Observe(passing);
            return PassResult.Done;
        }
        passing.Log.Action = "connecting to upstream";
        var result = await OpenAsync(passing, kind);
        if (result == PassResult.Done && passing.Target.IsTls)
        {
            result = await HandshakeAsync(passing, tlsName);
        }
        if (result == PassResult.Done)
        {
            passing.Attempt.ConnectTime = worker.Loop.Now - passing.AttemptStarted;
        }
        return result;
    }

    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private static async ValueTask<PassResult> OpenAsync(Passing passing, BackendKind kind)
    {
        var address = kind.Peer.Address;
        var socket = Socket.Open(address.Family);
        if (socket < 0)
        {
            passing.Log.Write(LogLevel.Alert, "socket() failed", -socket);
            return PassResult.Error;
        }
        if (!Tune(passing, socket, address.Family))
        {
            _ = Socket.Close(socket);
            return PassResult.Error;
        }
        var error = Socket.Connect(socket, address);
        if (error < 0 && error != -Errno.InProgress)
        {
            _ = Socket.Close(socket);
            return Failed(passing, -error);
        }
        var opened = Channel.Open(passing.Worker.Loop, socket, out var channel);
        if (opened < 0)
        {
            passing.Log.Write(LogLevel.Alert, "epoll_ctl() failed", -opened);
            return PassResult.Error;
        }
        passing.Worker.Connections++;
        passing.Connection = new BackendConnection(passing.Worker, kind, channel!);
        Observe(passing);
        if (error == 0)
        {
            return PassResult.Done;
        }
        var waited = await WaitAsync(passing, static backend => backend.HasBeenWritable);
        if (waited != PassResult.Done)
        {
            return waited;
        }
        error = Socket.TakeError(channel!.Descriptor);
        return error == 0 ? PassResult.Done : Failed(passing, Math.Abs(error));
    }

    /// <summary>Until the backend's channel is as wanted, the client is gone, or proxy_connect_timeout is over.</summary>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private static async ValueTask<PassResult> WaitAsync(Passing passing, Func<Channel, bool> isThere)
    {
        var loop = passing.Worker.Loop;
        var end = loop.Now + (long)passing.Settings.ConnectTimeout.TotalMilliseconds;
        while (!isThere(passing.Backend))
        {
            if (passing.IsClientGone)
            {
                return PassResult.ClientGone;
            }
            if (loop.Now >= end || !await passing.Wake.Within(end - loop.Now))
            {
                return PassResult.Timeout;
            }
        }
        return PassResult.Done;
    }

    /// <summary>From now on both channels wake the request.</summary>
    private static void Observe(Passing passing)
    {
        passing.Backend.Observer = passing.Wake;
        passing.Client.Observer = passing.Wake;
    }

    private static bool Tune(Passing passing, int socket, SocketFamily family)
    {
        if (family == SocketFamily.Unix)
        {
            return true;
        }
        _ = SocketOption.NoDelay(socket, true);
        if (passing.Settings.SocketKeepalive)
        {
            _ = SocketOption.KeepAlive(socket, true);
        }
        if (passing.Settings.Bind is not { } bind)
        {
            return true;
        }
        var from = Values.Evaluate(passing.Exchange, bind);
        if (from.IsEmpty)
        {
            return true;
        }
        if (!IPEndPoint.TryParse(from.ToString(), out var endPoint))
        {
            passing.Log.Write(LogLevel.Error, $"invalid local address \"{from}\"");
            return true;
        }
        if (endPoint.Port == 0)
        {
            _ = SocketOption.BindAddressNoPort(socket);
        }
        var result = Socket.Bind(socket, SocketAddress.FromIP(endPoint.Address, endPoint.Port));
        if (result < 0)
        {
            passing.Log.Write(LogLevel.Crit, $"bind({from}) failed", -result);
            return false;
        }
        return true;
    }

    private static PassResult Failed(Passing passing, int error)
    {
        passing.Log.Write(error is Errno.ConnectionRefused or Errno.ConnectionReset or Errno.TimedOut or Errno.HostUnreachable or Errno.NetworkUnreachable
            ? LogLevel.Error : LogLevel.Crit, "connect() failed", error);
        return PassResult.Error;
    }

    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private static async ValueTask<PassResult> HandshakeAsync(Passing passing, string? name)
    {
        passing.Log.Action = "SSL handshaking to upstream";
        var settings = passing.Settings.Ssl;
        var connection = passing.Connection!;
        var backend = connection.Channel;
        using var session = settings.SessionReuse ? connection.Kind.Peer.TakeSession() : null;
        TlsConnection tls;
        try
        {
            tls = TlsConnection.Connect(passing.Exchange.Generation.Backends.Tls.Of(settings), backend.Descriptor,
                settings.ServerName && IsName(name) ? name : null, string.IsNullOrEmpty(name) ? null : name, session, connection);
            backend.Tls = tls;
            UseCertificate(passing, settings, tls);
        }
        catch (TlsConfigurationException fault)
        {
            passing.Log.Write(LogLevel.Error, fault.Message);
            return PassResult.Internal;
        }
        var loop = passing.Worker.Loop;
        var end = loop.Now + (long)passing.Settings.ConnectTimeout.TotalMilliseconds;
        TlsStatus status;
        while ((status = tls.Handshake()) is TlsStatus.WantRead or TlsStatus.WantWrite)
        {
            if (passing.IsClientGone)
            {
                return PassResult.ClientGone;
            }
            if (loop.Now >= end || !await passing.Wake.Within(end - loop.Now))
            {
                return PassResult.Timeout;
            }
        }
        if (status != TlsStatus.Done)
        {
            if (tls.Error is { } error)
            {
                passing.Log.Write(error.IsPeerFault ? LogLevel.Error : LogLevel.Crit, error.ToString());
            }
            else
            {
                passing.Log.Write(LogLevel.Error, "peer closed connection in SSL handshake", tls.SystemError);
            }
            return PassResult.Error;
        }
        return settings.Verify ? Verify(passing, tls, name) : PassResult.Done;
    }

    private static PassResult Verify(Passing passing, TlsConnection tls, string? name)
    {
        if (tls.VerifyResult != TlsVerification.Ok)
        {
            passing.Log.Write(LogLevel.Error, $"upstream SSL certificate verify error: ({tls.VerifyResult}:{tls.VerifyResultText})");
            return PassResult.Error;
        }
        if (!tls.MatchesVerifyName)
        {
            passing.Log.Write(LogLevel.Error, $"upstream SSL certificate does not match \"{name}\"");
            return PassResult.Error;
        }
        return PassResult.Done;
    }

    /// <summary>proxy_ssl_certificate with variables: read for this handshake.</summary>
    private static void UseCertificate(Passing passing, ProxySslSettings settings, TlsConnection tls)
    {
        if (settings.Certificate is not { } certificate || settings.CertificateKey is not { } key
            || (certificate.Constant is not null && key.Constant is not null))
        {
            return;
        }
        var file = Values.Evaluate(passing.Exchange, certificate);
        if (!file.IsEmpty)
        {
            tls.UseKeyPair(new TlsKeyPair(BackendTls.Path(file), BackendTls.Path(Values.Evaluate(passing.Exchange, key))), settings.Passwords);
        }
    }

    /// <summary>proxy_ssl_name, or the host of proxy_pass; without its port.</summary>
    private static string TlsName(Passing passing)
    {
        var name = (passing.Settings.Ssl.Name is { } set ? Values.Evaluate(passing.Exchange, set) : passing.Target.HostHeader).ToString();
        var colon = name.IndexOf(':', name.StartsWith('[') ? Math.Max(0, name.IndexOf(']')) : 0);
        return colon < 0 ? name : name[..colon];
    }

    /// <summary>RFC 6066: an address is no server name.</summary>
    private static bool IsName(string? name) => !string.IsNullOrEmpty(name) && name[0] != '[' && !IPAddress.TryParse(name, out _);
}
