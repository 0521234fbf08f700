namespace Countersign.Native;

/// <summary>
/// Sessions for every loop of the process: those of <c>ssl_session_cache</c>, and those TLS 1.3 clients hold a ticket for. Bounded by
/// bytes. The first to go are those whose client has been given another since (each resumption under TLS 1.3 ends with a new ticket),
/// then the least recently used. Sessions used lately are kept as objects, because decoding one parses the client's certificate anew,
/// which on OpenSSL 3.0 costs more than the rest of a resumption; the others are kept encoded, as nginx keeps all. Loops share it under a lock, and
/// encode, decode and copy what they have found after they have left it.
/// </summary>
public sealed unsafe class TlsSessionCache : IDisposable
{
    // What an entry costs besides its bytes: the node, the key, the array headers.
    private const int Overhead = 192;

    // An object without its certificate, by what a process with thousands of them grows.
    private const int ObjectSize = 2816;

    private readonly Lock _gate = new();
    private readonly Dictionary<TlsSessionKey, LinkedListNode<Entry>> _sessions = [];
    private readonly LinkedList<Entry> _objects = [];
    private readonly LinkedList<Entry> _encoded = [];
    private readonly LinkedList<Entry> _replaced = [];

    /// <summary>Objects that are being encoded; they count no more.</summary>
    private readonly LinkedList<Entry> _pushedOut = [];

    private readonly TlsSessionCertificates _certificates = new();
    private readonly TlsSessionReturns _returns = new();
    private readonly TimeProvider _time;
    private readonly int _maximumCount;
    private long _size;
    private long _objectsSize;

    [ThreadStatic]
    private static List<TlsSession>? t_leaving;

    [ThreadStatic]
    private static Stack<(LinkedListNode<Entry> Node, nint Session)>? t_pushedOut;

    /// <param name="capacity">In bytes.</param>
    public TlsSessionCache(string name, long capacity, TimeProvider? time = null, int maximumCount = int.MaxValue)
    {
        Name = name;
        Capacity = capacity;
        _time = time ?? TimeProvider.System;
        _maximumCount = maximumCount;
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

    public void Dispose()
    {
        lock (_gate)
        {
            while (_sessions.Count > 0)
            {
                Drop((_objects.First ?? _encoded.First ?? _replaced.First ?? _pushedOut.First)!);
            }
            _returns.Free();
        }
    }

    /// <param name="isLight">As <see cref="TlsSessionWeight"/> has it: others are kept encoded from the beginning.</param>
    /// <param name="resumed">What the client has resumed and will not need again, or none.</param>
    internal void Add(nint session, long timeoutSeconds, bool isLight, in TlsSessionKey resumed = default)
    {
        if (TryKey(session, out var key))
        {
            Add(key, session, timeoutSeconds, isLight, resumed);
        }
    }

    /// <summary>A session by the vector of the TLS 1.2 ticket that its client holds.</summary>
    internal void AddTicket(UInt128 vector, nint session, long timeoutSeconds, bool isLight) =>
        Add(TlsSessionKey.FromTicket(vector), session, timeoutSeconds, isLight, default);

    /// <inheritdoc cref="Find(in TlsSessionKey)"/>
    internal nint FindTicket(UInt128 vector) => Find(TlsSessionKey.FromTicket(vector));

    private void Add(in TlsSessionKey key, nint session, long timeoutSeconds, bool isLight, in TlsSessionKey resumed)
    {
        var now = Now();
        var bytes = isLight ? null : TlsSessionBytes.Encode(session);
        if (!isLight && bytes is null)
        {
            return;
        }
        var entry = new Entry(key, now + timeoutSeconds) { Object = isLight ? Referred(session) : null, Bytes = bytes };
        using (Enter())
        {
            DropExpired(_objects, now);
            DropExpired(_encoded, now);
            DropExpired(_replaced, now);
            if (_sessions.TryGetValue(key, out var same))
            {
                Drop(same);
            }
            if (!resumed.IsNone && _sessions.TryGetValue(resumed, out var replaced) && replaced.List == _objects)
            {
                _objects.Remove(replaced);
                _replaced.AddFirst(replaced);
            }
            Insert(entry);
            Shrink();
        }
        EncodePushedOut();
    }

    /// <returns>A new SSL_SESSION that the caller owns, or 0. Nobody else has it: OpenSSL changes what a connection resumes.</returns>
    internal nint Find(in TlsSessionKey key)
    {
        if (key.IsNone)
        {
            return 0;
        }
        var now = Now();
        LinkedListNode<Entry>? node;
        nint kept = 0;
        using (Enter())
        {
            if (!_sessions.TryGetValue(key, out node))
            {
                return 0;
            }
            if (node.Value.Expires <= now)
            {
                Drop(node);
                return 0;
            }
            if (node.Value.Object is { } session)
            {
                kept = session.Handle;
                _ = NativeSession.Keep(kept);
                if (node.List != _pushedOut)
                {
                    node.List!.Remove(node);
                    _objects.AddFirst(node);
                }
            }
        }
        if (kept == 0)
        {
            return Wake(node);
        }
        var own = NativeSession.Duplicate(kept);
        NativeSession.Free(kept);
        return own;
    }

    internal void Remove(nint session)
    {
        if (!TryKey(session, out var key))
        {
            return;
        }
        using (Enter())
        {
            if (_sessions.TryGetValue(key, out var found))
            {
                Drop(found);
            }
        }
    }

    /// <summary>An encoded session that is used becomes an object again.</summary>
    private nint Wake(LinkedListNode<Entry> node)
    {
        var entry = node.Value;
        var decoded = TlsSessionBytes.Decode(entry.Bytes!);
        var own = decoded == 0 ? 0 : NativeSession.Duplicate(decoded);
        using (Enter())
        {
            if (IsKept(node))
            {
                Drop(node);
                if (decoded != 0)
                {
                    Insert(new Entry(entry.Key, entry.Expires) { Object = Referred(decoded) });
                    Shrink();
                }
            }
        }
        if (decoded != 0)
        {
            NativeSession.Free(decoded);
        }
        EncodePushedOut();
        return own;
    }

    /// <summary>Whoever has pushed out objects keeps them as their bytes, unless they have gone meanwhile.</summary>
    private void EncodePushedOut()
    {
        while (t_pushedOut is { Count: > 0 } pushedOut)
        {
            var (node, session) = pushedOut.Pop();
            var entry = node.Value;
            var bytes = TlsSessionBytes.Encode(session);
            using (Enter())
            {
                NativeSession.Free(session);
                if (IsKept(node))
                {
                    Drop(node);
                    if (bytes is not null && Counted < _maximumCount)
                    {
                        Insert(new Entry(entry.Key, entry.Expires) { Bytes = bytes });
                        Shrink();
                    }
                }
            }
        }
    }

    private int Counted => _sessions.Count - _pushedOut.Count;

    private bool IsKept(LinkedListNode<Entry> node) => _sessions.TryGetValue(node.Value.Key, out var found) && found == node;

    private void Insert(Entry entry)
    {
        _sessions[entry.Key] = (entry.Object is null ? _encoded : _objects).AddFirst(entry);
        if (entry.Object is { } session)
        {
            CountObject(entry.Size + _certificates.Add(NativeSession.Certificate(session.Handle)));
        }
        else
        {
            _size += entry.Size;
        }
    }

    private void CountObject(long bytes)
    {
        _size += bytes;
        _objectsSize += bytes;
    }

    private void Shrink()
    {
        while (_size > Capacity || Counted > _maximumCount)
        {
            if (_replaced.Last is { } replaced)
            {
                Drop(replaced);
            }
            // Objects may take three quarters; what was used longest ago is encoded, and then goes.
            else if (_objects.Last is { } oldest && (_encoded.Last is null || _objectsSize > Capacity / 4 * 3))
            {
                PushOut(oldest);
            }
            else
            {
                Drop(_encoded.Last!);
            }
        }
    }

    private void PushOut(LinkedListNode<Entry> node)
    {
        Discount(node.Value);
        _objects.Remove(node);
        _pushedOut.AddFirst(node);
        var session = node.Value.Object!.Handle;
        _ = NativeSession.Keep(session);
        (t_pushedOut ??= []).Push((node, session));
    }

    private static TlsSession Referred(nint session)
    {
        _ = NativeSession.Keep(session);
        return new TlsSession(session);
    }

    private void DropExpired(LinkedList<Entry> list, long now)
    {
        for (var i = 0; i < 2 && list.Last is { } oldest && oldest.Value.Expires <= now; i++)
        {
            Drop(oldest);
        }
    }

    private void Drop(LinkedListNode<Entry> node)
    {
        var entry = node.Value;
        if (node.List != _pushedOut)
        {
            Discount(entry);
        }
        node.List!.Remove(node);
        _sessions.Remove(entry.Key);
        if (entry.Object is { } session)
        {
            _returns.Add(session);
        }
    }

    private void Discount(Entry entry)
    {
        if (entry.Object is { } session)
        {
            CountObject(-(entry.Size + _certificates.Remove(NativeSession.Certificate(session.Handle))));
        }
        else
        {
            _size -= entry.Size;
        }
    }

    private Turn Enter()
    {
        _gate.Enter();
        return new Turn(this);
    }

    private long Now() => _time.GetUtcNow().ToUnixTimeSeconds();

    private static bool TryKey(nint session, out TlsSessionKey key)
    {
        uint length;
        var id = NativeSession.Id(session, &length);
        key = TlsSessionKey.From(new ReadOnlySpan<byte>(id, (int)length));
        return !key.IsNone;
    }

    /// <summary>The lock. What the calling thread made and nobody needs any more is freed when it is left.</summary>
    private readonly ref struct Turn(TlsSessionCache cache) : IDisposable
    {
        public void Dispose()
        {
            var leaving = t_leaving ??= [];
            cache._returns.Take(leaving);
            cache._gate.Exit();
            foreach (var session in leaving)
            {
                session.Dispose();
            }
            leaving.Clear();
        }
    }

    /// <summary>Has either the object or its bytes.</summary>
    private sealed record Entry(TlsSessionKey Key, long Expires)
    {
        public TlsSession? Object { get; init; }
        public byte[]? Bytes { get; init; }
        public long Size => (Bytes?.Length ?? ObjectSize) + Overhead;
    }
}
