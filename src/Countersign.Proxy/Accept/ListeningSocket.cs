using System.Net;
using System.Net.Sockets;
using Countersign.Configuration;
using Countersign.Native;
using NativeSocket = Countersign.Native.Socket;
using SocketAddress = Countersign.Native.SocketAddress;

namespace Countersign.Proxy.Accept;

/// <summary>A socket could not be opened; the message is nginx's.</summary>
public sealed class ListenException(string message) : Exception(message);

/// <summary>One <c>listen</c> of a plan with its descriptors: one that all loops share, or with <c>reuseport</c> one for each.</summary>
public sealed class ListeningSocket(ListenPlan plan, IReadOnlyList<int> descriptors)
{
    private const uint EverybodyMayConnect = 0x1B6;

    public ListenPlan Plan { get; } = plan;

    public IReadOnlyList<int> Descriptors { get; } = descriptors;

    /// <summary>The descriptor that the loop of that number accepts from.</summary>
    public int Of(int loop) => Descriptors[loop % Descriptors.Count];

    /// <summary>The address in the kernel's words.</summary>
    public static SocketAddress AddressOf(EndPoint endPoint) => endPoint switch
    {
        IPEndPoint ip => SocketAddress.FromIP(ip.Address, ip.Port),
        UnixDomainSocketEndPoint unix => SocketAddress.FromUnixPath(unix.ToString()),
        _ => throw new NotSupportedException(endPoint.GetType().Name),
    };

    /// <summary>Binds and listens.</summary>
    /// <param name="isTest"><c>-t</c>: an address that somebody holds, most likely the gate that is running, is no fault.</param>
    /// <returns>The descriptor, or -EADDRINUSE.</returns>
    /// <exception cref="ListenException">with nginx's text.</exception>
    internal static int TryOpen(ListenPlan plan, bool isTest, Action<LogLevel, string> report)
    {
        var address = AddressOf(plan.EndPoint);
        var socket = NativeSocket.Open(address.Family);
        ThrowIfFailed(socket, "socket()", plan);
        var bound = -1;
        try
        {
            ThrowIfFailed(SocketOption.ReuseAddress(socket, true), "setsockopt(SO_REUSEADDR)", plan);
            if (plan.ReusePort && !isTest)
            {
                ThrowIfFailed(SocketOption.ReusePort(socket, true), "setsockopt(SO_REUSEPORT)", plan);
            }
            if (address.Family == SocketFamily.IPv6 && SocketOption.OnlyIPv6(socket, plan.Ipv6Only) is var narrowed and < 0)
            {
                report(LogLevel.Emerg, $"setsockopt(IPV6_V6ONLY) {plan.Text} failed, ignored {Reason(narrowed)}");
            }
            bound = Listen(plan, socket, address, isTest, report);
            return bound < 0 ? bound : socket;
        }
        finally
        {
            if (bound < 0)
            {
                _ = NativeSocket.Close(socket);
            }
        }
    }

    private static int Listen(ListenPlan plan, int socket, in SocketAddress address, bool isTest, Action<LogLevel, string> report)
    {
        var result = NativeSocket.Bind(socket, address);
        if (result < 0)
        {
            return InUse(result, $"bind() to {plan.Text} failed", isTest, report);
        }
        if (PathOf(plan) is { } path)
        {
            if (FileDescriptor.ChangeMode(path, EverybodyMayConnect) is var changed and < 0)
            {
                report(LogLevel.Emerg, $"chmod() \"{path}\" failed {Reason(changed)}");
            }
            if (isTest)
            {
                Unlink(path, report);
            }
        }
        result = NativeSocket.Listen(socket, plan.Backlog);
        return result < 0 ? InUse(result, $"listen() to {plan.Text}, backlog {plan.Backlog} failed", isTest, report) : 0;
    }

    private static int InUse(int result, string text, bool isTest, Action<LogLevel, string> report)
    {
        if (result != -Errno.AddressInUse)
        {
            throw new ListenException($"{text} {Reason(result)}");
        }
        if (!isTest)
        {
            report(LogLevel.Emerg, $"{text} {Reason(result)}");
        }
        return result;
    }

    /// <summary>What a plan asks of a socket that listens already; nginx asks it anew with every reload.</summary>
    /// <param name="before">The plan that it has listened for so far, or null.</param>
    internal static void Configure(ListenPlan plan, ListenPlan? before, int socket, Action<LogLevel, string> report)
    {
        if (plan.ReceiveBuffer is { } receive)
        {
            Ask(SocketOption.ReceiveBuffer(socket, receive), $"setsockopt(SO_RCVBUF, {receive}) {plan.Text}");
        }
        if (plan.SendBuffer is { } send)
        {
            Ask(SocketOption.SendBuffer(socket, send), $"setsockopt(SO_SNDBUF, {send}) {plan.Text}");
        }
        if (PathOf(plan) is null)
        {
            // Linux hands it on to every socket that is accepted.
            Ask(SocketOption.NoDelay(socket, true), $"setsockopt(TCP_NODELAY) {plan.Text}");
        }
        if (plan.KeepAlive is { } keepAlive)
        {
            Ask(SocketOption.KeepAlive(socket, keepAlive), $"setsockopt(SO_KEEPALIVE, {(keepAlive ? 1 : 0)}) {plan.Text}");
        }
        if (plan.KeepIdleSeconds is not null || plan.KeepIntervalSeconds is not null || plan.KeepCount is not null)
        {
            Ask(SocketOption.KeepAlive(socket, plan.KeepIdleSeconds ?? 0, plan.KeepIntervalSeconds ?? 0, plan.KeepCount ?? 0),
                $"setsockopt(TCP_KEEPIDLE, {plan.KeepIdleSeconds ?? 0}) {plan.Text}");
        }
        if (before is not null && before.Backlog != plan.Backlog)
        {
            Ask(NativeSocket.Listen(socket, plan.Backlog), $"listen() to {plan.Text}, backlog {plan.Backlog}");
        }
        if (plan.Deferred != (before?.Deferred ?? false))
        {
            // One second, as nginx: how long a client has been in the queue cannot be known.
            var seconds = plan.Deferred ? 1 : 0;
            Ask(SocketOption.DeferAccept(socket, seconds), $"setsockopt(TCP_DEFER_ACCEPT, {seconds}) for {plan.Text}");
        }

        void Ask(int result, string call)
        {
            if (result < 0)
            {
                report(LogLevel.Alert, $"{call} failed, ignored {Reason(result)}");
            }
        }
    }

    /// <summary>Where a socket of the file system is, or null.</summary>
    internal static string? PathOf(ListenPlan plan) => plan.EndPoint is UnixDomainSocketEndPoint unix ? unix.ToString() : null;

    internal static void Unlink(string path, Action<LogLevel, string> report)
    {
        if (FileDescriptor.Unlink(path) is var result and < 0)
        {
            report(LogLevel.Emerg, $"unlink() {path} failed {Reason(result)}");
        }
    }

    private static void ThrowIfFailed(int result, string call, ListenPlan plan)
    {
        if (result < 0)
        {
            throw new ListenException($"{call} {plan.Text} failed {Reason(result)}");
        }
    }

    private static string Reason(int result) => $"({-result}: {Errno.Text(-result)})";
}
