using Countersign.Proxy.Accept;
using Countersign.Proxy.Request;
using Countersign.Proxy.Upstream;
using Countersign.Proxy.Watch;
using Countersign.Proxy.Upstream.Peers;

namespace Countersign.Proxy;

/// <summary>
/// What one loop has for itself: nginx's worker process, as a thread. Nothing in it is shared, so nothing in it locks.
/// </summary>
public sealed class Worker(Loop loop, TimeProvider time)
{
    private readonly Stack<Exchange> _exchanges = new();
    private readonly Stack<byte[]> _buffers = new();

    /// <summary>Size of <see cref="RentBuffer"/>'s arrays: one TLS record of plain text, the default of ssl_buffer_size.</summary>
    public const int BufferSize = 16 * 1024;

    /// <summary>For composing one head at a time.</summary>
    internal byte[] HeadScratch { get; } = new byte[BufferSize];

    public Clock Clock { get; } = new(time);

    /// <summary>Buffered logs that wait for their flush time.</summary>
    internal LogFlushes LogFlushes { get; } = new(loop);

    public Loop Loop { get; } = loop;

    /// <summary>Idle connections to backends.</summary>
    public BackendPools Pools { get; } = new();

    private readonly Stack<Passing> _passings = new();

    internal Passing RentPassing() => _passings.TryPop(out var passing) ? passing : new Passing(Loop);

    internal void Return(Passing passing) => _passings.Push(passing);

    public TimeProvider Time { get; } = time;

    /// <summary>The plan for whoever comes next; swapped by a reload, on the loop's thread.</summary>
    public required Generation Generation { get; set; }

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
        Connections++;
        client.Generation.Acquire();
    }

    /// <summary>The connection has ended.</summary>
    public void Remove(Client client)
    {
        if (_clients.Remove(client))
        {
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

    /// <returns>False when nobody is idle.</returns>
    public bool CloseLongestIdle()
    {
        if (_idle.First is not { } longest)
        {
            return false;
        }
        longest.Value.Channel.Dispose();
        return true;
    }

    /// <summary>Closes those who wait under a plan that has been replaced, and its idle backends, as nginx's old workers do.</summary>
    public void CloseIdleOfRetired()
    {
        Pools.CloseRetired();
        for (var place = _idle.First; place is not null;)
        {
            var next = place.Next;
            if (place.Value.Generation.IsRetired)
            {
                place.Value.Channel.Dispose();
            }
            // Closing lets the connection's method run to its end, which takes its place out of the list.
            place = next?.List is null ? null : next;
        }
    }

    private readonly List<Listener> _listeners = [];
    private bool _stopsWhenEmpty;

    /// <summary>Accepts from these sockets and no others.</summary>
    public void Listen(IReadOnlyList<ListeningSocket> sockets, Action<Client> serve)
    {
        _listeners.RemoveAll(listener =>
        {
            var gone = !sockets.Contains(listener.Socket);
            if (gone)
            {
                listener.Dispose();
            }
            return gone;
        });
        foreach (var socket in sockets)
        {
            var plan = Generation.Http.Listens.First(listen => listen.Text == socket.Plan.Text);
            if (_listeners.Find(listener => listener.Socket == socket) is { } known)
            {
                known.Plan = plan;
            }
            else
            {
                _listeners.Add(new Listener(this, socket, plan, serve));
            }
        }
    }

    /// <summary>The loop ends with its last connection.</summary>
    public void StopWhenEmpty()
    {
        _stopsWhenEmpty = true;
        if (_clients.Count == 0)
        {
            Loop.Stop();
        }
    }

    public void CloseAll()
    {
        foreach (var client in _clients.ToArray())
        {
            client.Channel.Dispose();
        }
        Pools.Clear();
    }

    public byte[] RentBuffer() => _buffers.TryPop(out var buffer) ? buffer : new byte[BufferSize];

    public void Return(byte[] buffer)
    {
        if (buffer.Length == BufferSize && _buffers.Count < 1024)
        {
            _buffers.Push(buffer);
        }
    }
}
