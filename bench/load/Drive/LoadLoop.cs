using System.Diagnostics;
using Countersign.Native;

namespace Countersign.Load.Drive;

/// <param name="Resumed">Handshakes that went on with a session.</param>
internal sealed record LoadResult(double Seconds, int Resumed, int Failures);

/// <summary>A number of clients on one thread: all of them busy until the operations are used up, or as a rate wants it.</summary>
internal sealed class LoadLoop : IDisposable
{
    private const int MostFailures = 20;
    private const ulong Timer = ulong.MaxValue;

    private readonly Epoll _epoll = new(256);
    private readonly TimerFd _timer = new();
    private readonly LoadClient[] _clients;
    private readonly Queue<LoadClient> _free;
    private readonly Pace _pace;
    private readonly int _atOnce;
    private int _toStart;
    private int _running;
    private int _resumed;
    private int _failures;

    /// <param name="clients">All that there are; with <see cref="Work.Hold"/> each of them makes one operation.</param>
    /// <param name="atOnce">How many of them may be busy.</param>
    public LoadLoop(TlsClientContext context, Native.SocketAddress server, Request request, Work work, Pace pace, int clients, int atOnce)
    {
        (Context, Server, Request, Work, _pace, _atOnce) = (context, server, request, work, pace, atOnce);
        _clients = [.. Enumerable.Range(0, clients).Select(index => new LoadClient(this, index))];
        _free = new Queue<LoadClient>(_clients);
        NativeCallException.ThrowIfFailed(_epoll.Add(_timer.Descriptor, EpollFlags.In, Timer), "epoll_ctl()");
    }

    public TlsClientContext Context { get; }
    public Native.SocketAddress Server { get; }
    public Request Request { get; }
    public Work Work { get; }
    public int ExpectedStatus => Work == Work.Refused ? 400 : 200;
    public Latencies Latencies { get; } = new();
    public byte[] Buffer { get; } = new byte[64 * 1024];

    /// <summary>Returns when that many have ended, well or not.</summary>
    public LoadResult Run(int operations)
    {
        (_toStart, _running, _resumed, _failures) = (operations, 0, 0, 0);
        Latencies.Clear();
        var started = Stopwatch.GetTimestamp();
        _pace.Restart();
        StartWhatIsDue();
        while (_running > 0 || _toStart > 0)
        {
            var count = _epoll.Wait(30_000);
            if (count == 0)
            {
                throw new LoadException($"{_running} operations wait, and nothing has happened for thirty seconds");
            }
            for (var i = 0; i < count; i++)
            {
                if (_epoll[i].Data == Timer)
                {
                    _timer.Drain();
                }
                else
                {
                    _clients[(int)_epoll[i].Data].Go();
                }
            }
            StartWhatIsDue();
        }
        return new LoadResult(Stopwatch.GetElapsedTime(started).TotalSeconds, _resumed, _failures);
    }

    /// <summary>How many connections the server has not closed.</summary>
    public int CountOpen() => _clients.Count(client => client.IsOpen());

    public void Ended(LoadClient client)
    {
        _running--;
        if (_pace.HasRate)
        {
            Latencies.Add(Stopwatch.GetElapsedTime(client.Intended));
        }
        if (Work != Work.Hold)
        {
            _free.Enqueue(client);
        }
        StartWhatIsDue();
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
        _timer.Dispose();
        _epoll.Dispose();
    }

    private void StartWhatIsDue()
    {
        while (_toStart > 0 && _running < _atOnce && _free.Count > 0)
        {
            if (!_pace.IsDue)
            {
                _timer.Set(_pace.Next);
                return;
            }
            _toStart--;
            _running++;
            _free.Dequeue().Start(_pace.Take());
        }
    }
}
