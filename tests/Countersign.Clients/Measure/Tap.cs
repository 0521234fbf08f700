using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Countersign.Clients.Measure;

/// <summary>
/// A port of its own for one visit: what a client and the gate say to each other passes through here and is timed. The gate sees it come from an address
/// of its own, by which its logs tell the visits apart.
/// </summary>
public sealed class Tap : IAsyncDisposable
{
    private static int _count;

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly IPEndPoint _gate;
    private readonly ConcurrentQueue<TappedConnection> _connections = new();
    private readonly Task _accepting;

    public Tap(IPEndPoint gate)
    {
        _gate = gate;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        _accepting = Accept();
    }

    /// <summary>Of 127.1.0.0/16, where nothing else is.</summary>
    public IPAddress Address { get; } = Numbered(Interlocked.Increment(ref _count));

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    /// <summary>In the order they were made.</summary>
    public IReadOnlyList<TappedConnection> Connections => [.. _connections];

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _accepting;
        foreach (var connection in _connections)
        {
            await connection.DisposeAsync();
        }
    }

    private static IPAddress Numbered(int number) => new([127, 1, (byte)(number >> 8), (byte)number]);

    private async Task Accept()
    {
        while (true)
        {
            try
            {
                _connections.Enqueue(await TappedConnection.Open(await _listener.AcceptAsync(), Address, _gate));
            }
            catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }
}
