namespace Countersign.Native;

/// <summary>
/// ssl_certificate_cache: certificates and keys by the value of their directive (ngx_ssl_cache_connection_fetch). Each loop has its own,
/// as each worker of nginx, so nothing locks. Not for a key that a password opened.
/// </summary>
/// <param name="maximum">Entries; a certificate and its key are two.</param>
/// <param name="valid">For so long a file is not looked at again, whole seconds.</param>
/// <param name="inactive">What was not asked for so long may go before its turn, whole seconds.</param>
public sealed class TlsCredentialCache(int maximum, TimeSpan valid, TimeSpan inactive, TimeProvider time) : IDisposable
{
    private readonly Dictionary<(bool IsKey, string Source), LinkedListNode<Entry>> _entries = [];
    private readonly LinkedList<Entry> _latestFirst = new();

    public int Count => _entries.Count;

    /// <param name="afresh">The file is to be read again although it seems to be the same.</param>
    /// <returns>Belongs to the cache, and lives until it is asked again.</returns>
    internal TlsCredential? Find(bool isKey, string source, bool afresh)
    {
        if (!_entries.TryGetValue((isKey, source), out var place))
        {
            return null;
        }
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        ref var entry = ref place.ValueRef;
        if (!IsData(source))
        {
            if (afresh || now - entry.Checked > (long)valid.TotalSeconds)
            {
                var file = FileOf(source);
                if (afresh || file is null || file != entry.File)
                {
                    Remove(place);
                    return null;
                }
                entry = entry with { Checked = now };
            }
        }
        entry = entry with { Asked = now };
        _latestFirst.Remove(place);
        _latestFirst.AddFirst(place);
        return entry.Credential;
    }

    /// <returns>False when it stays the caller's.</returns>
    internal bool TryAdd(bool isKey, string source, TlsCredential credential)
    {
        if (credential.IsSecret)
        {
            return false;
        }
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        for (var i = 0; i < 2 && _latestFirst.Last is { } oldest && now - oldest.Value.Asked > (long)inactive.TotalSeconds; i++)
        {
            Remove(oldest);
        }
        if (_entries.Count >= maximum)
        {
            Remove(_latestFirst.Last!);
        }
        var file = IsData(source) ? null : FileOf(source);
        _entries.Add((isKey, source), _latestFirst.AddFirst(new Entry((isKey, source), credential, file, now, now)));
        return true;
    }

    public void Dispose()
    {
        while (_latestFirst.Last is { } oldest)
        {
            Remove(oldest);
        }
    }

    private void Remove(LinkedListNode<Entry> place)
    {
        _latestFirst.Remove(place);
        _ = _entries.Remove(place.Value.Id);
        place.Value.Credential.Dispose();
    }

    private static bool IsData(string source) => source.StartsWith(PemSource.DataPrefix, StringComparison.Ordinal);

    private static (ulong Inode, long Modified)? FileOf(string path) =>
        FileDescriptor.Status(path, out var status) == 0 ? (status.Inode, status.ModifiedSeconds) : null;

    private readonly record struct Entry(
        (bool IsKey, string Source) Id, TlsCredential Credential, (ulong Inode, long Modified)? File, long Checked, long Asked);
}
