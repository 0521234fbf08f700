namespace Countersign.Native;

/// <summary>
/// ssl_session_cache shared:NAME:SIZE for every loop of the process. Keeps sessions encoded, as nginx does: a decoded one
/// would be changed by two connections at once. Bounded by bytes; the oldest goes first, whatever its use, as in nginx.
/// </summary>
public sealed unsafe class TlsSessionCache
{
    // NGX_SSL_MAX_SESSION_SIZE, and the longest id TLS allows.
    private const int MaximumSession = 8192;
    private const int MaximumId = 32;

    // What an entry costs besides its bytes: the node, the key, the array headers.
    private const int Overhead = 192;

    private readonly Lock _gate = new();
    private readonly Dictionary<SessionKey, LinkedListNode<Entry>> _sessions = [];
    private readonly LinkedList<Entry> _oldestLast = [];
    private readonly TimeProvider _time;
    private long _size;

    public TlsSessionCache(string name, long capacity, TimeProvider? time = null)
    {
        Name = name;
        Capacity = capacity;
        _time = time ?? TimeProvider.System;
        TicketKeys = new TlsTicketKeys(_time);
    }

    public string Name { get; }

    /// <summary>In bytes.</summary>
    public long Capacity { get; }

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _sessions.Count;
            }
        }
    }

    public long Size
    {
        get
        {
            lock (_gate)
            {
                return _size;
            }
        }
    }

    /// <summary>Keys that contexts without ssl_session_ticket_key share through this cache.</summary>
    internal TlsTicketKeys TicketKeys { get; }

    internal void Add(nint session, nint timeoutSeconds)
    {
        uint idLength;
        var id = NativeSession.Id(session, &idLength);
        var length = NativeSession.Encode(session, null);
        if (length is <= 0 or > MaximumSession || idLength is 0 or > MaximumId)
        {
            return;
        }
        var bytes = new byte[length];
        fixed (byte* start = bytes)
        {
            var at = start;
            _ = NativeSession.Encode(session, &at);
        }
        var now = Now();
        var entry = new Entry(SessionKey.From(new ReadOnlySpan<byte>(id, (int)idLength)), bytes, now + timeoutSeconds);
        lock (_gate)
        {
            for (var i = 0; i < 2 && _oldestLast.Last is { } oldest && oldest.Value.Expires <= now; i++)
            {
                Drop(oldest);
            }
            if (_sessions.TryGetValue(entry.Key, out var same))
            {
                Drop(same);
            }
            while (_size + entry.Size > Capacity && _oldestLast.Last is { } oldest)
            {
                Drop(oldest);
            }
            if (entry.Size > Capacity)
            {
                return;
            }
            _sessions[entry.Key] = _oldestLast.AddFirst(entry);
            _size += entry.Size;
        }
    }

    /// <returns>A new SSL_SESSION that the caller owns, or 0.</returns>
    internal nint Find(ReadOnlySpan<byte> id)
    {
        if (id.Length is 0 or > MaximumId)
        {
            return 0;
        }
        var now = Now();
        byte[] bytes;
        lock (_gate)
        {
            if (!_sessions.TryGetValue(SessionKey.From(id), out var found))
            {
                return 0;
            }
            if (found.Value.Expires <= now)
            {
                Drop(found);
                return 0;
            }
            bytes = found.Value.Bytes;
        }
        fixed (byte* start = bytes)
        {
            var at = start;
            return NativeSession.Decode(null, &at, bytes.Length);
        }
    }

    internal void Remove(nint session)
    {
        uint length;
        var id = NativeSession.Id(session, &length);
        if (length is 0 or > MaximumId)
        {
            return;
        }
        lock (_gate)
        {
            if (_sessions.TryGetValue(SessionKey.From(new ReadOnlySpan<byte>(id, (int)length)), out var found))
            {
                Drop(found);
            }
        }
    }

    private void Drop(LinkedListNode<Entry> node)
    {
        _oldestLast.Remove(node);
        _sessions.Remove(node.Value.Key);
        _size -= node.Value.Size;
    }

    private long Now() => _time.GetUtcNow().ToUnixTimeSeconds();

    private readonly record struct SessionKey(UInt128 First, UInt128 Second, int Length)
    {
        public static SessionKey From(ReadOnlySpan<byte> id)
        {
            Span<byte> whole = stackalloc byte[MaximumId];
            whole.Clear();
            id.CopyTo(whole);
            return new SessionKey(
                System.Buffers.Binary.BinaryPrimitives.ReadUInt128LittleEndian(whole),
                System.Buffers.Binary.BinaryPrimitives.ReadUInt128LittleEndian(whole[16..]),
                id.Length);
        }
    }

    private readonly record struct Entry(SessionKey Key, byte[] Bytes, long Expires)
    {
        public int Size => Bytes.Length + Overhead;
    }
}
