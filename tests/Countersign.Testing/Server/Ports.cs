using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Countersign.Testing;

/// <summary>
/// TCP ports that stay ours: each is held by a bound socket that never listens, so that neither bind(0) nor an
/// outgoing connection of another test takes it, while a server may still listen on it (Linux lets sockets with
/// SO_REUSEADDR share a port as long as none listens).
/// </summary>
public sealed class Ports : IDisposable
{
    private readonly ConcurrentDictionary<string, Socket> _held = new();

    /// <summary>The same name gives the same port, on every loopback address.</summary>
    public int this[string name] => ((IPEndPoint)_held.GetOrAdd(name, _ => Hold()).LocalEndPoint!).Port;

    public void Dispose()
    {
        foreach (var socket in _held.Values)
        {
            socket.Dispose();
        }
    }

    private static Socket Hold()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        socket.Bind(new IPEndPoint(IPAddress.Any, 0));
        return socket;
    }
}
