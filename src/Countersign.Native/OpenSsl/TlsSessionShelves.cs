namespace Countersign.Native;

/// <summary>
/// The sessions of a <see cref="TlsSessionCache"/> by their key and in the order in which they are to go, with what they cost. Used under its lock;
/// nothing here asks libssl for more than an address or a length.
/// </summary>
/// <param name="capacity">In bytes.</param>
internal sealed class TlsSessionShelves(long capacity, int maximumCount)
{
    private readonly Dictionary<TlsSessionKey, LinkedListNode<TlsSessionEntry>> _sessions = [];
    private readonly LinkedList<TlsSessionEntry> _objects = [];
    private readonly LinkedList<TlsSessionEntry> _encoded = [];
    private readonly LinkedList<TlsSessionEntry> _replaced = [];

    /// <summary>Objects that are being encoded; they count no more.</summary>
    private readonly LinkedList<TlsSessionEntry> _pushedOut = [];

    private readonly TlsSessionCertificates _certificates = new();
    private readonly TlsSessionReturns _returns = new();
    private long _objectsSize;

    public int Count => _sessions.Count;

    /// <summary>In bytes.</summary>
    public long Size { get; private set; }

    public bool HasRoomForOne => Counted < maximumCount;

    private int Counted => _sessions.Count - _pushedOut.Count;

    public bool TryGet(in TlsSessionKey key, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out LinkedListNode<TlsSessionEntry>? node) =>
        _sessions.TryGetValue(key, out node);

    /// <summary>Neither dropped nor replaced since it was found.</summary>
    public bool Has(LinkedListNode<TlsSessionEntry> node) => _sessions.TryGetValue(node.Value.Key, out var found) && found == node;

    /// <summary>An object has been used.</summary>
    public void Touch(LinkedListNode<TlsSessionEntry> node)
    {
        if (node.List != _pushedOut)
        {
            node.List!.Remove(node);
            _objects.AddFirst(node);
        }
    }

    /// <summary>Its client has been given another.</summary>
    public void NoteReplaced(in TlsSessionKey key)
    {
        if (!key.IsNone && _sessions.TryGetValue(key, out var replaced) && replaced.List == _objects)
        {
            _objects.Remove(replaced);
            _replaced.AddFirst(replaced);
        }
    }

    public void Insert(TlsSessionEntry entry)
    {
        _sessions[entry.Key] = (entry.Object is null ? _encoded : _objects).AddFirst(entry);
        if (entry.Object is { } session)
        {
            CountObject(entry.Size + _certificates.Add(NativeSession.Certificate(session.Handle)));
        }
        else
        {
            Size += entry.Size;
        }
    }

    /// <param name="pushedOut">Objects that may stay as their bytes, each with a reference for whoever encodes it.</param>
    public void Shrink(Stack<(LinkedListNode<TlsSessionEntry> Node, nint Session)> pushedOut)
    {
        while (Size > capacity || Counted > maximumCount)
        {
            if (_replaced.Last is { } replaced)
            {
                Drop(replaced);
            }
            // Objects may take three quarters; what was used longest ago is encoded, and then goes.
            else if (_objects.Last is { } oldest && (_encoded.Last is null || _objectsSize > capacity / 4 * 3))
            {
                Discount(oldest.Value);
                _objects.Remove(oldest);
                _pushedOut.AddFirst(oldest);
                pushedOut.Push((oldest, oldest.Value.Object!.Refer()));
            }
            else
            {
                Drop(_encoded.Last!);
            }
        }
    }

    public void DropExpired(long now)
    {
        DropExpired(_objects, now);
        DropExpired(_encoded, now);
        DropExpired(_replaced, now);
    }

    public void Drop(LinkedListNode<TlsSessionEntry> node)
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

    /// <inheritdoc cref="TlsSessionReturns.Take"/>
    public void TakeDropped(List<TlsSession> into) => _returns.Take(into);

    /// <summary>At the end, when no thread comes any more.</summary>
    public void Clear()
    {
        while ((_objects.First ?? _encoded.First ?? _replaced.First ?? _pushedOut.First) is { } node)
        {
            Drop(node);
        }
        _returns.Free();
    }

    private void DropExpired(LinkedList<TlsSessionEntry> list, long now)
    {
        for (var i = 0; i < 2 && list.Last is { } oldest && oldest.Value.Expires <= now; i++)
        {
            Drop(oldest);
        }
    }

    private void Discount(TlsSessionEntry entry)
    {
        if (entry.Object is { } session)
        {
            CountObject(-(entry.Size + _certificates.Remove(NativeSession.Certificate(session.Handle))));
        }
        else
        {
            Size -= entry.Size;
        }
    }

    private void CountObject(long bytes)
    {
        Size += bytes;
        _objectsSize += bytes;
    }
}

/// <summary>Has either the object or its bytes.</summary>
internal sealed record TlsSessionEntry(TlsSessionKey Key, long Expires)
{
    // What an entry costs besides its bytes: the node, the key, the array headers.
    private const int Overhead = 192;

    // An object without its certificate, by what a process with thousands of them grows.
    private const int ObjectSize = 2816;

    public TlsSession? Object { get; init; }
    public byte[]? Bytes { get; init; }
    public long Size => (Bytes?.Length ?? ObjectSize) + Overhead;
}
