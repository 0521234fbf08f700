using System.Buffers.Binary;

namespace Countersign.Refusals;

/// <summary>Walks over a TLS structure (RFC 8446 section 3). What ends too early is given as far as it goes, and noted: a capture may be cut, a stranger may lie.</summary>
internal ref struct WireReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public readonly bool IsEmpty => _rest.IsEmpty;

    /// <summary>Something was shorter than it said.</summary>
    public bool IsCut { get; private set; }

    public int Byte() => Take(1) is [var value] ? value : 0;

    public int Word() => Take(2) is { Length: 2 } two ? BinaryPrimitives.ReadUInt16BigEndian(two) : 0;

    public int Triple() => (Byte() << 16) | Word();

    public ReadOnlySpan<byte> Take(int count)
    {
        if (count > _rest.Length)
        {
            IsCut = true;
            count = _rest.Length;
        }
        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }

    /// <summary>A vector whose length takes one byte.</summary>
    public ReadOnlySpan<byte> Short() => Take(Byte());

    /// <summary>A vector whose length takes two bytes.</summary>
    public ReadOnlySpan<byte> Long() => Take(Word());

    /// <summary>Code points of two bytes each to the end, those of GREASE (RFC 8701) left out.</summary>
    public static List<int> CodePoints(ReadOnlySpan<byte> list)
    {
        var points = new List<int>(list.Length / 2);
        for (; list.Length >= 2; list = list[2..])
        {
            var point = BinaryPrimitives.ReadUInt16BigEndian(list);
            if (!IsGrease(point))
            {
                points.Add(point);
            }
        }
        return points;
    }

    /// <summary>0x0a0a, 0x1a1a, to 0xfafa.</summary>
    public static bool IsGrease(int point) => (point & 0x0f0f) == 0x0a0a && point >> 8 == (point & 0xff);
}
