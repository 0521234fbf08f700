namespace Countersign.Proxy.Request;

/// <summary>One header line as it came: the client's spelling, its order and its duplicates are kept for the backend.</summary>
public readonly record struct HeaderField(Bytes Name, Bytes Value);

/// <summary>Header lines in order; reused from request to request.</summary>
public sealed class HeaderList
{
    private HeaderField[] _fields = new HeaderField[16];

    public int Count { get; private set; }

    public ref readonly HeaderField this[int index] => ref _fields[index];

    public ReadOnlySpan<HeaderField> Fields => _fields.AsSpan(0, Count);

    public void Add(HeaderField field)
    {
        if (Count == _fields.Length)
        {
            Array.Resize(ref _fields, Count * 2);
        }
        _fields[Count++] = field;
    }

    public void Clear() => Count = 0;

    /// <summary>The first value of that name (given in any case), or null bytes.</summary>
    public Bytes Find(ReadOnlySpan<byte> name)
    {
        foreach (ref readonly var field in Fields)
        {
            if (field.Name.EqualsIgnoreCase(name))
            {
                return field.Value;
            }
        }
        return default;
    }
}
