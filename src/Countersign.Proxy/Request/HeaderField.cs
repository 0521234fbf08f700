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

    public void Replace(int index, HeaderField field) => _fields[index] = field;

    /// <summary>Index of the first of that name (given in any case) from <paramref name="start"/> on, or -1.</summary>
    public int IndexOf(ReadOnlySpan<byte> name, int start = 0)
    {
        for (var index = start; index < Count; index++)
        {
            if (_fields[index].Name.EqualsIgnoreCase(name))
            {
                return index;
            }
        }
        return -1;
    }

    public void RemoveAt(int index)
    {
        Count--;
        Array.Copy(_fields, index + 1, _fields, index, Count - index);
    }

    /// <summary>All of that name, given in any case.</summary>
    public void Remove(ReadOnlySpan<byte> name)
    {
        for (var index = IndexOf(name); index >= 0; index = IndexOf(name, index))
        {
            RemoveAt(index);
        }
    }

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
