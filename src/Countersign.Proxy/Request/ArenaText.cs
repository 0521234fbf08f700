using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Countersign.Proxy.Request;

/// <summary>Text that grows, and is kept in a request's arena at the end.</summary>
internal ref struct ArenaText(Arena arena)
{
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(2048);

    public int Length { get; private set; }

    public void Add(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Room(bytes.Length));
        Length += bytes.Length;
    }

    public void Add(long number)
    {
        _ = Utf8Formatter.TryFormat(number, Room(20), out var count);
        Length += count;
    }

    public void Add(string latin) => Length += Encoding.Latin1.GetBytes(latin, Room(latin.Length));

    /// <summary>Seconds with three decimals, as nginx prints times.</summary>
    public void AddSeconds(long milliseconds)
    {
        Add(milliseconds / 1000);
        Add("."u8);
        var thousandths = (int)(milliseconds % 1000);
        var digits = Room(3);
        digits[0] = (byte)('0' + (thousandths / 100));
        digits[1] = (byte)('0' + (thousandths / 10 % 10));
        digits[2] = (byte)('0' + (thousandths % 10));
        Length += 3;
    }

    public void Line(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        Add(name);
        Add(": "u8);
        Add(value);
        Add("\r\n"u8);
    }

    /// <summary>What there is so far; until the next addition.</summary>
    public readonly ReadOnlySpan<byte> Span => _buffer.AsSpan(0, Length);

    public Bytes ToBytes()
    {
        var bytes = arena.Copy(Span);
        Release();
        return bytes;
    }

    /// <summary>The end for a text that is not kept.</summary>
    public void Release()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        Length = 0;
    }

    private Span<byte> Room(int length)
    {
        if (_buffer.Length - Length < length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_buffer.Length * 2, Length + length));
            _buffer.AsSpan(0, Length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }
        return _buffer.AsSpan(Length);
    }
}
