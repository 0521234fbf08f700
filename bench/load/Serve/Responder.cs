using System.Net;
using Countersign.Native;

namespace Countersign.Load.Serve;

/// <summary>
/// The backend of a measurement: answers each head it gets with the same response and keeps the connection. It does as little as can
/// be done, so that the gate is what is measured.
/// </summary>
internal sealed class Responder
{
    public static readonly string[] Known = ["port", "bytes", "expect"];

    private const int Listener = -1;

    private readonly Epoll _epoll = new(256);
    private readonly Dictionary<int, int> _endsSeen = [];
    private readonly byte[] _response;
    private readonly byte[][] _expected;
    private readonly byte[] _buffer = new byte[64 * 1024];

    private static ReadOnlySpan<byte> Refusal => "HTTP/1.1 500 Not passed on\r\nContent-Length: 0\r\n\r\n"u8;

    private Responder(int bodyBytes, IEnumerable<string> expected)
    {
        _expected = [.. expected.Select(System.Text.Encoding.ASCII.GetBytes)];
        var head = $"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {bodyBytes}\r\n\r\n";
        _response = [.. System.Text.Encoding.ASCII.GetBytes(head), .. Enumerable.Repeat((byte)'x', bodyBytes)];
    }

    /// <summary>Says "ready" and serves until it is killed.</summary>
    public static int Run(Arguments arguments)
    {
        new Responder(arguments.Number("bytes", 100), arguments.All("expect")).Serve(arguments.Number("port"));
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
                else if (!Answer(ready))
                {
                    _endsSeen.Remove(ready);
                    _ = Socket.Close(ready);
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
            _endsSeen[socket] = 0;
            _epoll.Add(socket, EpollFlags.In, (ulong)socket);
        }
    }

    private bool Answer(int socket)
    {
        var count = Socket.Receive(socket, _buffer);
        if (count <= 0)
        {
            return count == -Errno.Again;
        }
        // A gate that does not pass on what it was told to is not measured. Heads come in one piece: gates write them at once.
        var isExpected = true;
        foreach (var text in _expected)
        {
            isExpected &= _buffer.AsSpan(0, count).IndexOf(text) >= 0;
        }
        var response = isExpected ? _response : Refusal;
        // How much of the blank line that ends a head has been seen; the heads may come in pieces.
        var seen = _endsSeen[socket];
        foreach (var b in _buffer.AsSpan(0, count))
        {
            seen = b == "\r\n\r\n"u8[seen] ? seen + 1 : b == '\r' ? 1 : 0;
            if (seen == 4)
            {
                seen = 0;
                if (Socket.Send(socket, response) != response.Length)
                {
                    return false;
                }
            }
        }
        _endsSeen[socket] = seen;
        return true;
    }
}
