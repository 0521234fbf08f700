using Countersign.Refusals;

namespace Countersign.Proxy.Watch;

/// <summary>
/// What clients did before, by address and fingerprint, for whoever has to explain why one of them sends no certificate now. Only refused ones
/// and certificates that are new to the gate are written down; whoever was written down last stays. Loops share it, and plans.
/// </summary>
internal sealed class ClientMemory
{
    private const int Most = 4096;

    /// <summary>Of certificates, over all clients.</summary>
    private const long MostBytes = 4 * 1024 * 1024;

    /// <summary>Of one chain: what does not fit is left out, from the far end.</summary>
    private const int LongestChain = 8 * 1024;

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Address, string Fingerprint), LinkedListNode<Entry>> _entries = [];
    private readonly LinkedList<Entry> _recentFirst = [];
    private long _bytes;

    /// <summary>Null for a client that did nothing worth it before.</summary>
    public ClientHistory? Find(string address, string fingerprint)
    {
        Entry entry;
        lock (_gate)
        {
            if (!_entries.TryGetValue((address, fingerprint), out var node))
            {
                return null;
            }
            entry = node.Value;
        }
        var chain = entry.Chain.Select(der => CertificateReader.Read(der)).OfType<CertificateFacts>().ToList();
        return entry.History with { Leaf = chain.Count > 0 ? chain[0] : null, Chain = chain };
    }

    /// <param name="chain">In DER, leaf first.</param>
    public void SawCertificate(string address, string fingerprint, IReadOnlyList<byte[]> chain, string server, int version, DateTimeOffset now) =>
        Change(address, fingerprint, entry => new Entry(
            entry.Key, entry.History with { LeafAt = now, LeafServer = server, LeafVersion = version }, Fitting(chain)));

    /// <summary>It was asked and sent none.</summary>
    public void SawNone(string address, string fingerprint, TimeSpan after, DateTimeOffset now) =>
        Change(address, fingerprint, entry => entry with { History = entry.History with { EmptyAt = now, EmptyAfter = after } });

    /// <summary>It was asked and closed.</summary>
    public void SawClose(string address, string fingerprint, DateTimeOffset now) =>
        Change(address, fingerprint, entry => entry with { History = entry.History with { ClosedAt = now } });

    private void Change(string address, string fingerprint, Func<Entry, Entry> change)
    {
        var key = (address, fingerprint);
        lock (_gate)
        {
            var old = new Entry(key, new ClientHistory(), []);
            if (_entries.Remove(key, out var node))
            {
                old = node.Value;
                Forget(node);
            }
            var entry = change(old);
            _bytes += entry.Bytes;
            _entries[key] = _recentFirst.AddFirst(entry);
            while (_recentFirst.Last is { } last && _entries.Count > 1 && (_entries.Count > Most || _bytes > MostBytes))
            {
                _entries.Remove(last.Value.Key);
                Forget(last);
            }
        }
    }

    private void Forget(LinkedListNode<Entry> node)
    {
        _bytes -= node.Value.Bytes;
        _recentFirst.Remove(node);
    }

    private static List<byte[]> Fitting(IReadOnlyList<byte[]> chain)
    {
        var room = LongestChain;
        return [.. chain.TakeWhile(der => (room -= der.Length) >= 0)];
    }

    private sealed record Entry((string Address, string Fingerprint) Key, ClientHistory History, IReadOnlyList<byte[]> Chain)
    {
        public long Bytes => Chain.Sum(der => (long)der.Length);
    }
}
