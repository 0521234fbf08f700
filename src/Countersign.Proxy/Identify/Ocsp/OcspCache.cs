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

    /// <returns>What counts from now on: of two that are in force the later one, whichever comes first. Somebody in between may have kept the other.</returns>
    public TlsOcspAnswer Add(string key, TlsOcspAnswer answer)
    {
        var now = time.GetUtcNow();
        var until = answer.NextUpdate ?? now.AddSeconds(SecondsWithoutEnd);
        lock (_gate)
        {
            if (_entries.TryGetValue(key, out var before))
            {
                if (before.Value.Until > now && before.Value.Answer.ThisUpdate > answer.ThisUpdate)
                {
                    return before.Value.Answer;
                }
                Remove(before);
            }
            if (until <= now)
            {
                return answer;
            }
            if (_entries.Count >= size / BytesOfAnswer)
            {
                Remove(_byAge.First!);
            }
            _entries[key] = _byAge.AddLast(new Entry(key, answer, until));
            return answer;
        }
    }

    private void Remove(LinkedListNode<Entry> node)
    {
        _byAge.Remove(node);
        _entries.Remove(node.Value.Key);
    }

    private sealed record Entry(string Key, TlsOcspAnswer Answer, DateTimeOffset Until);
}
