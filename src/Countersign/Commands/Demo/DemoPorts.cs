using System.Net;
using System.Net.Sockets;

namespace Countersign.Commands.Demo;

/// <summary>
/// The gate's two free ports on loopback. Each is held by a socket that is bound and never listens, so that nobody else
/// takes it before the gate does (Linux lets SO_REUSEADDR sockets share a port as long as at most one listens).
/// </summary>
internal sealed class DemoPorts : IDisposable
{
    private readonly Socket _first = Hold();
    private readonly Socket _second = Hold();

    public int First => Port(_first);

    public int Second => Port(_second);

    public int Of(DemoListener listener) => listener == DemoListener.First ? First : Second;

    public void Dispose()
    {
        _first.Dispose();
        _second.Dispose();
    }

    private static int Port(Socket socket) => ((IPEndPoint)socket.LocalEndPoint!).Port;

    private static Socket Hold()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }
}
