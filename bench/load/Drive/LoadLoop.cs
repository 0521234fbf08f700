using System.Diagnostics;
using Countersign.Native;

namespace Countersign.Load.Drive;

/// <param name="Resumed">Handshakes that went on with a session.</param>
internal sealed record LoadResult(double Seconds, int Resumed, int Failures);

/// <summary>A number of clients on one thread, always all of them busy until the operations are used up.</summary>
internal sealed class LoadLoop : IDisposable
{
    private const int MostFailures = 20;

    private readonly Epoll _epoll = new(256);
    private readonly LoadClient[] _clients;
    private int _toStart;
    private int _running;
    private int _resumed;
    private int _failures;

    /// <param name="upload">Bytes that go with each request.</param>
    public LoadLoop(TlsClientContext context, Native.SocketAddress server, string name, Work work, string path, long upload, int connections)
    {
        Context = context;
        Server = server;
        Name = name;
        Work = work;
        Upload = upload;
        _clients = [.. Enumerable.Range(0, connections).Select(index => new LoadClient(this, index))];
        var connection = work == Work.KeepAlive ? "" : "Connection: close\r\n";
        var (method, body) = upload == 0 ? ("GET", "") : ("POST", $"Content-Length: {upload}\r\n");
        Request = System.Text.Encoding.ASCII.GetBytes(
            $"{method} {path} HTTP/1.1\r\nHost: {name}\r\nUser-Agent: load\r\nAccept: */*\r\n{body}{connection}\r\n");
    }

    public TlsClientContext Context { get; }
    public Native.SocketAddress Server { get; }
    public string Name { get; }
    public Work Work { get; }
    public byte[] Request { get; }
    public long Upload { get; }
    public byte[] Body { get; } = [.. Enumerable.Repeat((byte)'x', 64 * 1024)];
    public byte[] Buffer { get; } = new byte[64 * 1024];

    /// <summary>Returns when that many have ended, well or not.</summary>
    public LoadResult Run(int operations)
    {
        (_toStart, _running, _resumed, _failures) = (operations, 0, 0, 0);
        var started = Stopwatch.GetTimestamp();
        foreach (var client in _clients)
        {
            StartNext(client);
        }
        while (_running > 0)
        {
            var count = _epoll.Wait(30_000);
            if (count == 0)
            {
                throw new LoadException($"{_running} operations wait, and nothing has happened for thirty seconds");
            }
            for (var i = 0; i < count; i++)
            {
                _clients[(int)_epoll[i].Data].Go();
            }
        }
        return new LoadResult(Stopwatch.GetElapsedTime(started).TotalSeconds, _resumed, _failures);
    }

    public void Ended(LoadClient client)
    {
        _running--;
        StartNext(client);
    }

    public void Resumed() => _resumed++;

    public void Failed(LoadClient client, string reason)
    {
        if (++_failures >= MostFailures)
        {
            throw new LoadException($"{_failures} operations failed; the last one: {reason}");
        }
        Console.Error.WriteLine($"load: {reason}");
        Ended(client);
    }

    public void Watch(int socket, LoadClient client) =>
        NativeCallException.ThrowIfFailed(
            _epoll.Add(socket, EpollFlags.In | EpollFlags.Out | EpollFlags.EdgeTriggered | EpollFlags.ReadHangUp, (ulong)client.Index), "epoll_ctl()");

    public void Dispose()
    {
        foreach (var client in _clients)
        {
            client.Dispose();
        }
        _epoll.Dispose();
    }

    private void StartNext(LoadClient client)
    {
        if (_toStart > 0)
        {
            _toStart--;
            _running++;
            client.Start();
        }
    }
}
