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
    private readonly Lock _gate = new();
    private readonly TlsSessionShelves _shelves;
    private readonly TimeProvider _time;

    [ThreadStatic]
    private static List<TlsSession>? t_leaving;

    [ThreadStatic]
    private static Stack<(LinkedListNode<TlsSessionEntry> Node, nint Session)>? t_pushedOut;

    /// <param name="capacity">In bytes.</param>
    public TlsSessionCache(string name, long capacity, TimeProvider? time = null, int maximumCount = int.MaxValue)
    {
        Name = name;
        Capacity = capacity;
        _time = time ?? TimeProvider.System;
        _shelves = new TlsSessionShelves(capacity, maximumCount);
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
                return _shelves.Count;
            }
        }
    }

    public long Size
    {
        get
        {
            lock (_gate)
            {
                return _shelves.Size;
            }
        }
    }

    /// <summary>Keys that contexts without ssl_session_ticket_key share through this cache.</summary>
    internal TlsTicketKeys TicketKeys { get; }

    public void Dispose()
    {
        lock (_gate)
        {
            _shelves.Clear();
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
        var entry = new TlsSessionEntry(key, now + timeoutSeconds) { Object = isLight ? Referred(session) : null, Bytes = bytes };
        using (Enter())
        {
            _shelves.DropExpired(now);
            if (_shelves.TryGet(key, out var same))
            {
                _shelves.Drop(same);
            }
            _shelves.NoteReplaced(resumed);
            Insert(entry);
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
        LinkedListNode<TlsSessionEntry>? node;
        nint kept = 0;
        using (Enter())
        {
            if (!_shelves.TryGet(key, out node))
            {
                return 0;
            }
            if (node.Value.Expires <= now)
            {
                _shelves.Drop(node);
                return 0;
            }
            if (node.Value.Object is { } session)
            {
                kept = session.Refer();
                _shelves.Touch(node);
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
            if (_shelves.TryGet(key, out var found))
            {
                _shelves.Drop(found);
            }
        }
    }

    /// <summary>An encoded session that is used becomes an object again.</summary>
    private nint Wake(LinkedListNode<TlsSessionEntry> node)
    {
        var entry = node.Value;
        var decoded = TlsSessionBytes.Decode(entry.Bytes!);
        var own = decoded == 0 ? 0 : NativeSession.Duplicate(decoded);
        using (Enter())
        {
            if (_shelves.Has(node))
            {
                _shelves.Drop(node);
                if (decoded != 0)
                {
                    Insert(new TlsSessionEntry(entry.Key, entry.Expires) { Object = Referred(decoded) });
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
                if (_shelves.Has(node))
                {
                    _shelves.Drop(node);
                    if (bytes is not null && _shelves.HasRoomForOne)
                    {
                        Insert(new TlsSessionEntry(entry.Key, entry.Expires) { Bytes = bytes });
                    }
                }
            }
        }
    }

    /// <summary>To be followed by <see cref="EncodePushedOut"/>, outside the lock.</summary>
    private void Insert(TlsSessionEntry entry)
    {
        _shelves.Insert(entry);
        _shelves.Shrink(t_pushedOut ??= []);
    }

    private static TlsSession Referred(nint session)
    {
        _ = NativeSession.Keep(session);
        return new TlsSession(session);
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
            cache._shelves.TakeDropped(leaving);
            cache._gate.Exit();
            foreach (var session in leaving)
            {
                session.Dispose();
            }
            leaving.Clear();
        }
    }
}
