using System.Buffers.Text;
using Countersign.Proxy.Accept;
using Countersign.Proxy.Request;

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

    /// <summary>This second as the Date header has it.</summary>
    public ReadOnlySpan<byte> HttpDate
    {
        get
        {
            var second = Time.GetUtcNow().ToUnixTimeSeconds();
            if (second != _dateSecond)
            {
                _dateSecond = second;
                _ = Utf8Formatter.TryFormat(DateTimeOffset.FromUnixTimeSeconds(second), _date, out _, 'R');
            }
            return _date;
        }
    }

    private readonly byte[] _date = new byte[29];
    private long _dateSecond;

    public Loop Loop { get; } = loop;

    public TimeProvider Time { get; } = time;

    /// <summary>The plan for whoever comes next; swapped by a reload, on the loop's thread.</summary>
    public required Generation Generation { get; set; }

    /// <summary>Connections of clients and to backends, for worker_connections.</summary>
    public int Connections { get; set; }

    /// <summary>QUIT or TERM came, or a reload replaced the listening side: idle connections close, responses say so.</summary>
    public bool IsDraining { get; set; }

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

    /// <summary>The client waits for its next (or first) request: it may be closed when connections run out or the gate drains.</summary>
    public void AddIdle(Client client) => _idle.Add(client);

    public void RemoveIdle(Client client) => _idle.Remove(client);

    public IReadOnlyCollection<Client> Idle => _idle;

    private readonly HashSet<Client> _idle = [];

    public byte[] RentBuffer() => _buffers.TryPop(out var buffer) ? buffer : new byte[BufferSize];

    public void Return(byte[] buffer)
    {
        if (buffer.Length == BufferSize && _buffers.Count < 1024)
        {
            _buffers.Push(buffer);
        }
    }
}
