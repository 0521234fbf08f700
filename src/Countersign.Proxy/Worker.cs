using Countersign.Configuration;
using Countersign.Native;
using Countersign.Proxy.Accept;
using Countersign.Proxy.Identify;
using Countersign.Proxy.Request;
using Countersign.Proxy.Upstream;
using Countersign.Proxy.Watch;
using Countersign.Proxy.Upstream.Peers;

namespace Countersign.Proxy;

/// <summary>
/// What one loop has for itself: nginx's worker process, as a thread. Nothing in it is shared but its <see cref="Reception"/>, so nothing else in it locks.
/// </summary>
public sealed class Worker : IDisposable
{
    public Worker(Loop loop, TimeProvider time)
    {
        (Loop, Time, Clock, LogFlushes) = (loop, time, new Clock(time), new LogFlushes(loop));
        Reception = new Reception(this);
    }

    private readonly Stack<Exchange> _exchanges = new();
    private readonly Stack<byte[]> _buffers = new();

    private readonly Stack<byte[]> _largeBuffers = new();

    /// <summary>Size of <see cref="RentBuffer"/>'s arrays: one TLS record of plain text, the default of ssl_buffer_size.</summary>
    public const int BufferSize = 16 * 1024;

    private const int LargeBufferSize = (2 * BufferSize) + (BufferSize / 2);

    /// <summary>For composing one head at a time.</summary>
    internal byte[] HeadScratch { get; } = new byte[BufferSize];

    internal RecentCertificates Certificates { get; } = new();

    public Clock Clock { get; }

    /// <summary>Buffered logs that wait for their flush time.</summary>
    internal LogFlushes LogFlushes { get; }

    public Loop Loop { get; }

    /// <summary>Idle connections to backends.</summary>
    public BackendPools Pools { get; } = new();

    private readonly Stack<Passing> _passings = new();

    internal Passing RentPassing() => _passings.TryPop(out var passing) ? passing : new Passing(Loop);

    internal void Return(Passing passing) => _passings.Push(passing);

    public TimeProvider Time { get; }

    /// <summary>The plan for whoever comes next; swapped by a reload, on the loop's thread.</summary>
    public required Generation Generation { get; set; }

    /// <summary>Begins the life of a client that is on the loop.</summary>
    public Action<Client> Serve { get; set; } = static _ => { };

    /// <summary>With whom clients are shared.</summary>
    public FairShare Share { get; set; } = new();

    /// <summary>Who comes by way of another loop.</summary>
    public Reception Reception { get; }

    /// <summary>Clients that are here or about to be; for any thread.</summary>
    public int Load => Volatile.Read(ref _load) + Reception.Count;

    private int _load;

    /// <summary>Connections of clients and to backends, for worker_connections.</summary>
    public int Connections { get; set; }

    /// <summary>An idle connection holds none: they live while a request does.</summary>
    public Exchange RentExchange() => _exchanges.TryPop(out var exchange) ? exchange : new Exchange();

    public void Return(Exchange exchange)
    {
        exchange.Release(this);
        if (_exchanges.Count < 256)
        {
            _exchanges.Push(exchange);
        }
    }

    /// <summary>Everybody connected, whatever the generation.</summary>
    public IReadOnlyCollection<Client> Clients => _clients;

    private readonly HashSet<Client> _clients = [];
    private readonly LinkedList<Client> _idle = new();

    public void Add(Client client)
    {
        _clients.Add(client);
        Volatile.Write(ref _load, _clients.Count);
        Connections++;
        client.Generation.Acquire();
    }

    /// <summary>The connection has ended.</summary>
    public void Remove(Client client)
    {
        if (_clients.Remove(client))
        {
            Volatile.Write(ref _load, _clients.Count);
            Connections--;
            client.Generation.Release();
        }
        if (_stopsWhenEmpty && _clients.Count == 0)
        {
            Loop.Stop();
        }
    }

    /// <summary>The client waits for its next (or first) request: it may be closed when connections run out or its plan has been replaced.</summary>
    public void AddIdle(Client client) => _idle.AddLast(client.IdlePlace);

    public void RemoveIdle(Client client)
    {
        if (client.IdlePlace.List is not null)
        {
            _idle.Remove(client.IdlePlace);
        }
    }

    /// <summary>
    /// Whether worker_connections, against which listening sockets count too, has room for one more. As under nginx the longest
    /// idle clients give way once few are left.
    /// </summary>
    /// <param name="log">Who asks, when it is not the loop itself.</param>
    public bool HasRoom(ConnectionLog? log = null)
    {
        var limit = Generation.Plan.Main.WorkerConnections;
        if (limit - Connections - _listeners.Count <= limit / 16 && _idle.Count > 0)
        {
            if (_lastReuse != Loop.Now / 1000)
            {
                _lastReuse = Loop.Now / 1000;
                Log(LogLevel.Warn, $"{limit} worker_connections are not enough, reusing connections");
            }
            for (var closing = Math.Clamp(_idle.Count / 8, 1, 32); closing > 0 && CloseLongestIdle(); closing--)
            {
            }
        }
        if (Connections + _listeners.Count < limit)
        {
            return true;
        }
        var text = $"{limit} worker_connections are not enough";
        if (log is null)
        {
            Log(LogLevel.Alert, text);
        }
        else
        {
            log.Write(LogLevel.Alert, text);
        }
        return false;
    }

    private long _lastReuse = -1;

    private void Log(LogLevel level, string text) => Generation.ErrorLog.Write(Generation.Plan.Main.ErrorLogs, level, text);

    /// <returns>False when nobody is idle.</returns>
    public bool CloseLongestIdle()
    {
        if (_idle.First is not { } longest)
        {
            return false;
        }
        _idle.Remove(longest);
        longest.Value.Channel.Dispose();
        return true;
    }

    /// <summary>
    /// Closes those who wait for another request under a plan that has been replaced, and its idle backends, as nginx's old workers do.
    /// </summary>
    public void CloseIdleOfRetired()
    {
        Pools.CloseRetired();
        new ClientReview(this, _clients.Where(client => client.Generation.IsRetired)).Begin();
    }

    public bool IsConnected(Client client) => _clients.Contains(client);

    /// <summary>worker_shutdown_timeout: whoever is still served by the plan when the time ends is cut off.</summary>
    public void CloseLater(Generation generation)
    {
        if (generation.Plan.Main.WorkerShutdownTimeout is { } limit)
        {
            Loop.SetTimer(new Shutdown(this, generation), (long)limit.TotalMilliseconds);
        }
    }

    private sealed class Shutdown(Worker worker, Generation generation) : LoopTimer
    {
        protected internal override void OnDue()
        {
            foreach (var client in worker._clients.Where(client => client.Generation == generation).ToArray())
            {
                client.Log.Write(LogLevel.Debug, "shutdown timeout");
                client.Channel.Dispose();
            }
        }
    }

    private readonly List<Listener> _listeners = [];
    private bool _stopsWhenEmpty;

    /// <summary>Accepts from these sockets and no others.</summary>
    public void Listen(ListeningSockets sockets)
    {
        var wanted = sockets.All.ToDictionary(socket => socket.Of(Loop.Number));
        foreach (var listener in _listeners.Where(listener => !wanted.ContainsKey(listener.Descriptor)).ToArray())
        {
            listener.Dispose();
            _ = _listeners.Remove(listener);
        }
        foreach (var (descriptor, socket) in wanted)
        {
            if (_listeners.Find(listener => listener.Descriptor == descriptor) is { } known)
            {
                known.Plan = socket.Plan;
            }
            else
            {
                _listeners.Add(new Listener(this, socket));
            }
        }
    }

    /// <summary>The loop ends with its last connection.</summary>
    public void StopWhenEmpty()
    {
        Reception.Close();
        _stopsWhenEmpty = true;
        if (_clients.Count == 0)
        {
            Loop.Stop();
        }
    }

    /// <summary>The loop has ended and what it held is closed.</summary>
    public bool HasEnded => Volatile.Read(ref _ended);

    private bool _ended;

    /// <summary>On the loop's thread, after its end.</summary>
    public void Dispose()
    {
        Reception.Dispose();
        Pools.Clear();
        LogFlushes.FlushAll();
        Certificates.Dispose();
        Loop.Dispose();
        Volatile.Write(ref _ended, true);
    }

    public byte[] RentBuffer() => _buffers.TryPop(out var buffer) ? buffer : new byte[BufferSize];

    /// <summary>For bodies that come faster than 16 KB at a time: two records, and what is held back behind them.</summary>
    public byte[] RentLargeBuffer() => _largeBuffers.TryPop(out var buffer) ? buffer : new byte[LargeBufferSize];

    public void Return(byte[] buffer)
    {
        if (buffer.Length == BufferSize && _buffers.Count < 1024)
        {
            _buffers.Push(buffer);
        }
        else if (buffer.Length == LargeBufferSize && _largeBuffers.Count < 64)
        {
            _largeBuffers.Push(buffer);
        }
    }
}
