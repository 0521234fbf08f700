using Countersign.Native;

namespace Countersign.Proxy.Identify.Ocsp;

/// <summary>ssl_ocsp_cache: answers until their nextUpdate, of all loops. The oldest goes when it is full.</summary>
internal sealed class OcspCache(long size, TimeProvider time)
{
    // What nginx's shared memory gives one answer.
    private const int BytesOfAnswer = 256;

    // An answer without a nextUpdate, as nginx.
    private const int SecondsWithoutEnd = 3600;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, LinkedListNode<Entry>> _entries = [];
    private readonly LinkedList<Entry> _byAge = [];

    public long Size => size;

    public TlsOcspAnswer? Find(string key)
    {
        lock (_gate)
        {
            if (!_entries.TryGetValue(key, out var node))
            {
                return null;
            }
            if (node.Value.Until > time.GetUtcNow())
            {
                return node.Value.Answer;
            }
            Remove(node);
            return null;
        }
    }

    public void Add(string key, TlsOcspAnswer answer)
    {
        var now = time.GetUtcNow();
        var until = answer.NextUpdate ?? now.AddSeconds(SecondsWithoutEnd);
        if (until <= now)
        {
            return;
        }
        lock (_gate)
        {
            if (_entries.TryGetValue(key, out var before))
            {
                Remove(before);
            }
            else if (_entries.Count >= size / BytesOfAnswer)
            {
                Remove(_byAge.First!);
            }
            _entries[key] = _byAge.AddLast(new Entry(key, answer, until));
        }
    }

    private void Remove(LinkedListNode<Entry> node)
    {
        _byAge.Remove(node);
        _entries.Remove(node.Value.Key);
    }

    private sealed record Entry(string Key, TlsOcspAnswer Answer, DateTimeOffset Until);
}
