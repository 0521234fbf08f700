using System.Net;
using Countersign.Native;

namespace Countersign.Load.Serve;

/// <summary>
/// The backend of a measurement: answers each request with as many bytes as its path says and keeps the connection. It does as little
/// as can be done, so that the gate is what is measured.
/// </summary>
internal sealed class Responder(IEnumerable<string> expected)
{
    public static readonly string[] Known = ["port", "expect"];

    private const int Listener = -1;

    private readonly Epoll _epoll = new(256);
    private readonly Dictionary<int, Exchange> _exchanges = [];
    private readonly byte[] _buffer = new byte[256 * 1024];
    private readonly Responses _responses = new(expected);

    /// <summary>Says "ready" and serves until it is killed.</summary>
    public static int Run(Arguments arguments)
    {
        new Responder(arguments.All("expect")).Serve(arguments.Number("port"));
        return 0;
    }

    private void Serve(int port)
    {
        var listener = Socket.Open(SocketFamily.IPv4);
        SocketOption.ReuseAddress(listener, true);
        NativeCallException.ThrowIfFailed(Socket.Bind(listener, Native.SocketAddress.FromIP(IPAddress.Loopback, port)), "bind()");
        NativeCallException.ThrowIfFailed(Socket.Listen(listener, 1024), "listen()");
        _epoll.Add(listener, EpollFlags.In, unchecked((ulong)Listener));
        Console.WriteLine("ready");
        while (true)
        {
            var count = _epoll.Wait(-1);
            for (var i = 0; i < count; i++)
            {
                var ready = unchecked((int)_epoll[i].Data);
                if (ready == Listener)
                {
                    Accept(listener);
                }
                else
                {
                    Go(ready, _exchanges[ready]);
                }
            }
        }
    }

    private void Accept(int listener)
    {
        Native.SocketAddress peer = default;
        var socket = Socket.Accept(listener, ref peer);
        if (socket >= 0)
        {
            SocketOption.NoDelay(socket, true);
            _exchanges[socket] = new Exchange(socket, _responses);
            _epoll.Add(socket, EpollFlags.In, (ulong)socket);
        }
    }

    private void Go(int socket, Exchange exchange)
    {
        var wasSending = exchange.IsSending;
        if (!(wasSending ? exchange.Send() : exchange.Receive(_buffer)))
        {
            _exchanges.Remove(socket);
            _ = Socket.Close(socket);
        }
        else if (exchange.IsSending != wasSending)
        {
            _epoll.Modify(socket, exchange.IsSending ? EpollFlags.Out : EpollFlags.In, (ulong)socket);
        }
    }
}
