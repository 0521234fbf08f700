using System.Runtime.InteropServices;

namespace Countersign.Native;

/// <summary>nginx's $tcpinfo_ variables, and the state of the connection.</summary>
public readonly record struct TcpInformation(uint RoundTrip, uint RoundTripVariance, uint CongestionWindow, uint ReceiveSpace, byte State)
{
    /// <summary>TCP_CLOSE_WAIT: the peer has ended its side.</summary>
    public const byte CloseWait = 8;
}

/// <summary>Socket options by what the configuration calls them. Results are 0 or a negative error number.</summary>
public static unsafe class SocketOption
{
    public static int ReuseAddress(int socket, bool on) => Set(socket, NativeSocket.SocketLevel, NativeSocket.ReuseAddress, on ? 1 : 0);

    public static int ReusePort(int socket, bool on) => Set(socket, NativeSocket.SocketLevel, NativeSocket.ReusePort, on ? 1 : 0);

    public static int ReceiveBuffer(int socket, int bytes) => Set(socket, NativeSocket.SocketLevel, NativeSocket.ReceiveBuffer, bytes);

    public static int SendBuffer(int socket, int bytes) => Set(socket, NativeSocket.SocketLevel, NativeSocket.SendBuffer, bytes);

    public static int KeepAlive(int socket, bool on) => Set(socket, NativeSocket.SocketLevel, NativeSocket.KeepAlive, on ? 1 : 0);

    /// <summary>Seconds; 0 leaves the system's value, as so_keepalive=::  does.</summary>
    public static int KeepAlive(int socket, int idleSeconds, int intervalSeconds, int count)
    {
        var result = KeepAlive(socket, true);
        if (result == 0 && idleSeconds > 0)
        {
            result = Set(socket, NativeSocket.TcpLevel, NativeSocket.KeepIdle, idleSeconds);
        }
        if (result == 0 && intervalSeconds > 0)
        {
            result = Set(socket, NativeSocket.TcpLevel, NativeSocket.KeepInterval, intervalSeconds);
        }
        if (result == 0 && count > 0)
        {
            result = Set(socket, NativeSocket.TcpLevel, NativeSocket.KeepCount, count);
        }
        return result;
    }

    public static int DeferAccept(int socket, int seconds) => Set(socket, NativeSocket.TcpLevel, NativeSocket.DeferAccept, seconds);

    public static int FastOpen(int socket, int queue) => Set(socket, NativeSocket.TcpLevel, NativeSocket.FastOpen, queue);

    public static int NoDelay(int socket, bool on) => Set(socket, NativeSocket.TcpLevel, NativeSocket.NoDelay, on ? 1 : 0);

    public static int Cork(int socket, bool on) => Set(socket, NativeSocket.TcpLevel, NativeSocket.Cork, on ? 1 : 0);

    /// <summary>Before bind only; the kernel's default follows a system setting.</summary>
    public static int OnlyIPv6(int socket, bool on) => Set(socket, NativeSocket.IPv6Level, NativeSocket.OnlyIPv6, on ? 1 : 0);

    /// <summary>Lets a bind to an address with port 0 pick the port at connect, so that many peers can share it (proxy_bind).</summary>
    public static int BindAddressNoPort(int socket) => Set(socket, NativeSocket.IPv4Level, NativeSocket.BindAddressNoPort, 1);

    /// <summary>What the kernel knows of a TCP connection: round trip time and its variance in microseconds, segments in flight that
    /// congestion control allows, room to receive. False for other sockets.</summary>
    public static bool TryGetTcpInformation(int socket, out TcpInformation information)
    {
        // struct tcp_info begins with 8 bytes of small fields; then come 32-bit ones.
        var fields = stackalloc uint[64];
        uint length = 256;
        var known = NativeSocket.GetOption(socket, NativeSocket.TcpLevel, NativeSocket.Information, fields, &length) == 0;
        information = known ? new TcpInformation(fields[17], fields[18], fields[20], fields[24], *(byte*)fields) : default;
        return known;
    }

    /// <summary>The next close sends RST and drops what is unsent (reset_timedout_connection).</summary>
    public static int ResetOnClose(int socket)
    {
        var linger = new LingerValue { On = 1, Seconds = 0 };
        return Errno.Of(NativeSocket.SetOption(
            socket, NativeSocket.SocketLevel, NativeSocket.Linger, &linger, (uint)sizeof(LingerValue)));
    }

    private static int Set(int socket, int level, int name, int value) =>
        Errno.Of(NativeSocket.SetOption(socket, level, name, &value, sizeof(int)));

    [StructLayout(LayoutKind.Sequential)]
    private struct LingerValue
    {
        public int On;
        public int Seconds;
    }
}
