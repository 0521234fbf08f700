using System.Net;
using System.Net.Sockets;
using Countersign.Configuration;
using Countersign.Native;
using NativeSocket = Countersign.Native.Socket;
using SocketAddress = Countersign.Native.SocketAddress;

namespace Countersign.Proxy.Accept;

/// <summary>A socket could not be opened; the message is nginx's.</summary>
public sealed class ListenException(string message) : Exception(message);

/// <summary>
/// One <c>listen</c>: a socket that all loops share, or with <c>reuseport</c> one for each. It outlives a reload that still
/// listens there, so that no connection waiting in its queue is lost.
/// </summary>
public sealed class ListeningSocket : IDisposable
{
    private const int AddressInUse = -Errno.AddressInUse;

    private readonly int[] _descriptors;

    private ListeningSocket(ListenPlan plan, int[] descriptors)
    {
        Plan = plan;
        _descriptors = descriptors;
    }

    /// <summary>The plan it was opened for; a later one may say more about whom it serves.</summary>
    public ListenPlan Plan { get; }

    /// <summary>The descriptor that the loop of that number accepts from.</summary>
    public int Of(int loop) => _descriptors[loop % _descriptors.Length];

    /// <summary>The address in the kernel's words.</summary>
    public static SocketAddress AddressOf(EndPoint endPoint) => endPoint switch
    {
        IPEndPoint ip => SocketAddress.FromIP(ip.Address, ip.Port),
        UnixDomainSocketEndPoint unix => SocketAddress.FromUnixPath(unix.ToString()),
        _ => throw new NotSupportedException(endPoint.GetType().Name),
    };

    /// <param name="pause">Waits before another try while somebody else still holds the address; nginx tries five times, half a second apart.</param>
    /// <exception cref="ListenException">with nginx's text.</exception>
    public static ListeningSocket Open(ListenPlan plan, int loops, Action? pause)
    {
        const int Tries = 5;
        var opened = new List<int>();
        try
        {
            for (var index = 0; index < (plan.ReusePort ? loops : 1); index++)
            {
                int descriptor;
                for (var tried = 1; (descriptor = TryOpen(plan)) == AddressInUse; tried++)
                {
                    if (tried == Tries || pause is null)
                    {
                        throw new ListenException(pause is null
                            ? $"bind() to {plan.Text} failed (98: Address already in use)" : "still could not bind()");
                    }
                    pause();
                }
                opened.Add(descriptor);
            }
            return new ListeningSocket(plan, [.. opened]);
        }
        catch
        {
            opened.ForEach(descriptor => NativeSocket.Close(descriptor));
            throw;
        }
    }

    /// <summary>A reload keeps the socket and may give it another queue.</summary>
    public void Renew(ListenPlan plan)
    {
        foreach (var descriptor in _descriptors)
        {
            _ = NativeSocket.Listen(descriptor, plan.Backlog);
        }
    }

    /// <returns>The descriptor, or -EADDRINUSE.</returns>
    private static int TryOpen(ListenPlan plan)
    {
        var address = AddressOf(plan.EndPoint);
        var socket = NativeSocket.Open(address.Family);
        Check(plan, socket, "socket()");
        var keep = false;
        try
        {
            if (address.Family != SocketFamily.Unix)
            {
                Check(plan, SocketOption.ReuseAddress(socket, true), "setsockopt(SO_REUSEADDR)");
            }
            if (plan.ReusePort)
            {
                Check(plan, SocketOption.ReusePort(socket, true), "setsockopt(SO_REUSEPORT)");
            }
            if (address.Family == SocketFamily.IPv6)
            {
                _ = SocketOption.OnlyIPv6(socket, plan.Ipv6Only);
            }
            Tune(plan, socket);
            var result = NativeSocket.Bind(socket, address);
            if (result == AddressInUse)
            {
                return result;
            }
            Check(plan, result, "bind()");
            if (plan.EndPoint is UnixDomainSocketEndPoint && address.UnixPath.Length > 0)
            {
                _ = FileDescriptor.ChangeMode(plan.EndPoint.ToString()!, 0x1B6);
            }
            Check(plan, NativeSocket.Listen(socket, plan.Backlog), "listen()");
            keep = true;
            return socket;
        }
        finally
        {
            if (!keep)
            {
                _ = NativeSocket.Close(socket);
            }
        }
    }

    private static void Tune(ListenPlan plan, int socket)
    {
        if (plan.ReceiveBuffer is { } receive)
        {
            _ = SocketOption.ReceiveBuffer(socket, receive);
        }
        if (plan.SendBuffer is { } send)
        {
            _ = SocketOption.SendBuffer(socket, send);
        }
        if (plan.KeepAlive is { } keepAlive)
        {
            _ = SocketOption.KeepAlive(socket, keepAlive);
        }
        if (plan.KeepIdleSeconds is not null || plan.KeepIntervalSeconds is not null || plan.KeepCount is not null)
        {
            _ = SocketOption.KeepAlive(socket, plan.KeepIdleSeconds ?? 0, plan.KeepIntervalSeconds ?? 0, plan.KeepCount ?? 0);
        }
        if (plan.Deferred)
        {
            _ = SocketOption.DeferAccept(socket, 1);
        }
    }

    private static void Check(ListenPlan plan, int result, string call)
    {
        if (result < 0)
        {
            throw new ListenException($"{call} {(call == "bind()" ? "to" : "for")} {plan.Text} failed ({-result}: {Errno.Text(-result)})");
        }
    }

    public void Dispose()
    {
        foreach (var descriptor in _descriptors)
        {
            _ = NativeSocket.Close(descriptor);
        }
        if (Plan.EndPoint is UnixDomainSocketEndPoint unix && !unix.ToString().StartsWith('@'))
        {
            _ = FileDescriptor.Unlink(unix.ToString());
        }
    }
}
