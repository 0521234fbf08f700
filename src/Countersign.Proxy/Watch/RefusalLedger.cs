namespace Countersign.Proxy.Watch;

/// <summary>refusal_ledger: the last refusals, whole, as JSON. Belongs to one thread.</summary>
internal sealed class RefusalLedger
{
    /// <summary>Bytes for each that is kept, over all of them: a few long chains fit, a thousand do not.</summary>
    private const long Share = 16 * 1024;

    private readonly Queue<(string Incident, byte[] Whole)> _entries = new();
    private int _kept;

    public int Count => _entries.Count;

    /// <summary>Of all that is kept.</summary>
    public long Bytes { get; private set; }

    public void Keep(int most)
    {
        _kept = most;
        Shrink();
    }

    public void Add(string incident, byte[] whole)
    {
        _entries.Enqueue((incident, whole));
        Bytes += whole.Length;
        Shrink();
    }

    /// <param name="incident">Its first digits, or <c>last</c>.</param>
    /// <returns>The latest of that name; null for one that is not kept, or not any more.</returns>
    public byte[]? Find(string incident)
    {
        byte[]? found = null;
        foreach (var (name, whole) in _entries)
        {
            if (incident == "last" || name.StartsWith(incident, StringComparison.Ordinal))
            {
                found = whole;
            }
        }
        return found;
    }

    private void Shrink()
    {
        while (_entries.Count > _kept || Bytes > _kept * Share)
        {
            Bytes -= _entries.Dequeue().Whole.Length;
        }
    }
}
