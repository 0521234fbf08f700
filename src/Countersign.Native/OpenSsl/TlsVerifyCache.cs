namespace Countersign.Native;

/// <summary>
/// ssl_verify_cache: what X509_verify_cert said of whole chains, for every loop of the process. That a client has the key of the
/// certificate is proven anew in each handshake; only the walk up the chain is remembered, and only until the next moment at which
/// anything presented or trusted begins or ends. Refused chains have a part of their own, so that they cannot push out good ones.
/// </summary>
public sealed class TlsVerifyCache
{
    // An entry with its node and its place in the table.
    private const int EntrySize = 256;

    private readonly Lock _gate = new();
    private readonly Part _good;
    private readonly Part _refused;

    /// <param name="capacity">In bytes.</param>
    public TlsVerifyCache(string name, long capacity)
    {
        Name = name;
        Capacity = capacity;
        var entries = (int)Math.Clamp(capacity / EntrySize, 2, 1 << 24);
        _refused = new Part(Math.Max(1, entries / 4));
        _good = new Part(Math.Max(1, entries - (entries / 4)));
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
                return _good.Count + _refused.Count;
            }
        }
    }

    /// <param name="key">Over everything that a verdict hangs on but the time.</param>
    internal ChainVerdict? Find(in Sha256Digest key, long now)
    {
        lock (_gate)
        {
            return _good.Find(key, now) ?? _refused.Find(key, now);
        }
    }

    internal void Add(in Sha256Digest key, ChainVerdict verdict)
    {
        lock (_gate)
        {
            (verdict.Error == TlsVerification.Ok ? _good : _refused).Add(key, verdict);
        }
    }

    /// <summary>Least recently used goes first.</summary>
    private sealed class Part(int capacity)
    {
        private readonly Dictionary<Sha256Digest, LinkedListNode<(Sha256Digest Key, ChainVerdict Verdict)>> _entries = [];
        private readonly LinkedList<(Sha256Digest Key, ChainVerdict Verdict)> _recentFirst = [];

        public int Count => _entries.Count;

        public ChainVerdict? Find(in Sha256Digest key, long now)
        {
            if (!_entries.TryGetValue(key, out var node))
            {
                return null;
            }
            _recentFirst.Remove(node);
            // Before its time only when the clock was set back.
            if (now >= node.Value.Verdict.Until || now < node.Value.Verdict.From)
            {
                _entries.Remove(key);
                return null;
            }
            _recentFirst.AddFirst(node);
            return node.Value.Verdict;
        }

        public void Add(in Sha256Digest key, ChainVerdict verdict)
        {
            if (_entries.Remove(key, out var same))
            {
                _recentFirst.Remove(same);
            }
            else if (_entries.Count >= capacity && _recentFirst.Last is { } oldest)
            {
                _entries.Remove(oldest.Value.Key);
                _recentFirst.RemoveLast();
            }
            _entries.Add(key, _recentFirst.AddFirst((key, verdict)));
        }
    }
}

/// <summary>What X509_verify_cert ended with, its problems in order, and the seconds since 1970 between which it would again.</summary>
internal sealed record ChainVerdict(int Error, int Depth, IReadOnlyList<TlsVerification> Problems, long From, long Until);
