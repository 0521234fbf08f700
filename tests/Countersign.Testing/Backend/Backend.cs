using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;

namespace Countersign.Testing;

/// <summary>
/// A small HTTP/1 backend that keeps every request as it came off the wire and answers with the bytes it is
/// given. Misbehaviour is a handler too: see <see cref="BackendConnection"/>.
/// </summary>
public sealed class Backend : IAsyncDisposable
{
    public const string Hello = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello";

    private readonly Socket _listener;
    private readonly SslServerAuthenticationOptions? _tls;
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentQueue<string> _requests = new();
    private readonly ConcurrentDictionary<int, Socket> _open = new();
    private readonly Task _accepting;
    private int _connections;

    private Backend(Socket listener, SslServerAuthenticationOptions? tls)
    {
        _listener = listener;
        _tls = tls;
        _accepting = Accept();
    }

    /// <summary>Called for each connection; the default answers <see cref="Hello"/> to each request.</summary>
    public Func<BackendConnection, Task> Handler { get; set; } = AnswerAlways(_ => Hello);

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    /// <summary>As it stands in a configuration: an address and port, or <c>unix:</c> and a path.</summary>
    public string Address => _listener.LocalEndPoint is IPEndPoint ip ? ip.ToString() : $"unix:{_listener.LocalEndPoint}";

    public int Connections => Volatile.Read(ref _connections);

    public static Backend Start(SslServerAuthenticationOptions? tls = null) =>
        Start(new IPEndPoint(IPAddress.Loopback, 0), tls);

    public static Backend StartUnix(string path) => Start(new UnixDomainSocketEndPoint(path), null);

    /// <summary>One answer to every request, on connections that stay open until the peer closes them.</summary>
    public void Answer(string response) => Handler = AnswerAlways(_ => response);

    public void Answer(Func<HttpMessage, string> response) => Handler = AnswerAlways(response);

    /// <summary>The requests since the last call, in order of their arrival.</summary>
    public IReadOnlyList<string> TakeRequests()
    {
        var taken = new List<string>();
        while (_requests.TryDequeue(out var request))
        {
            taken.Add(request);
        }

        return taken;
    }

    /// <summary>Ends every connection, also those a proxy keeps for later: their handlers belong to what is over.</summary>
    public void DropConnections()
    {
        foreach (var socket in _open.Values)
        {
            try
            {
                socket.Shutdown(SocketShutdown.Both);
            }
            catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
            {
                // The peer was faster.
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        foreach (var socket in _open.Values)
        {
            socket.Dispose();
        }

        await _accepting;
        _end.Dispose();
    }

    internal void Record(string request) => _requests.Enqueue(request);

    private static Backend Start(EndPoint at, SslServerAuthenticationOptions? tls)
    {
        var unix = at is UnixDomainSocketEndPoint;
        var listener = new Socket(at.AddressFamily, SocketType.Stream, unix ? ProtocolType.Unspecified : ProtocolType.Tcp);
        listener.Bind(at);
        listener.Listen(128);
        return new Backend(listener, tls);
    }

    private static Func<BackendConnection, Task> AnswerAlways(Func<HttpMessage, string> response) => async connection =>
    {
        while (await connection.ReadRequest() is { } request)
        {
            await connection.Send(response(request));
        }
    };

    private async Task Accept()
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                var socket = await _listener.AcceptAsync(_end.Token);
                var number = Interlocked.Increment(ref _connections);
                _open[number] = socket;
                _ = Serve(socket, number);
            }
            catch (Exception ended) when (ended is OperationCanceledException or ObjectDisposedException or SocketException)
            {
                return;
            }
        }
    }

    private async Task Serve(Socket socket, int number)
    {
        try
        {
            Stream stream = new NetworkStream(socket, ownsSocket: false);
            if (_tls is not null)
            {
                var secured = new SslStream(stream);
                await secured.AuthenticateAsServerAsync(_tls, _end.Token);
                stream = secured;
            }

            await using var connection = new BackendConnection(this, socket, stream, number, _end.Token);
            await Handler(connection);
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException or ObjectDisposedException
            or SocketException or System.Security.Authentication.AuthenticationException)
        {
            // The proxy went away, or the test did: what matters was recorded before.
        }
        finally
        {
            _open.TryRemove(number, out _);
            socket.Dispose();
        }
    }
}
