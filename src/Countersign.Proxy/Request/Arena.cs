namespace Countersign.Proxy.Request;

/// <summary>
/// Memory for what one request makes (evaluated variables, composed headers), given back all at once at its end; nginx's pool.
/// Chunks are kept between requests, so a warm connection allocates nothing.
/// </summary>
public sealed class Arena
{
    private const int ChunkSize = 4096;

    private readonly List<byte[]> _chunks = [];
    private int _chunk;
    private int _used;

    public Span<byte> Allocate(int length, out Bytes bytes)
    {
        if (length > ChunkSize)
        {
            // A large value is rare and must not be held by an idle connection: the collector gets it.
            var own = new byte[length];
            bytes = new Bytes(own);
            return own;
        }
        if (_chunks.Count == 0 || _used + length > ChunkSize)
        {
            if (_chunks.Count > 0)
            {
                _chunk++;
            }
            if (_chunk >= _chunks.Count)
            {
                _chunk = _chunks.Count;
                _chunks.Add(new byte[ChunkSize]);
            }
            _used = 0;
        }
        bytes = new Bytes(_chunks[_chunk], _used, length);
        var span = _chunks[_chunk].AsSpan(_used, length);
        _used += length;
        return span;
    }

    public Bytes Copy(ReadOnlySpan<byte> value)
    {
        value.CopyTo(Allocate(value.Length, out var bytes));
        return bytes;
    }

    /// <summary>Everything handed out becomes invalid. One chunk stays warm; a request that needed many does not keep them.</summary>
    public void Reset()
    {
        _used = 0;
        _chunk = 0;
        if (_chunks.Count > 4)
        {
            _chunks.RemoveRange(4, _chunks.Count - 4);
        }
    }
}
