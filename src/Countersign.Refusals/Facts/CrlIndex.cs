using System.Formats.Asn1;
using System.Runtime.InteropServices;

namespace Countersign.Refusals;

/// <summary>
/// Where each entry of a list stands. A list may have millions of them, and a client that is on it may come again and again: what a refusal costs must
/// not grow with it.
/// </summary>
internal sealed class CrlIndex
{
    private readonly ReadOnlyMemory<byte> _entries;
    private readonly ulong[] _keys;
    private readonly int[] _places;

    private CrlIndex(ReadOnlyMemory<byte> entries, ulong[] keys, int[] places) => (_entries, _keys, _places) = (entries, keys, places);

    public static CrlIndex Empty { get; } = new(default, [], []);

    public int Count => _keys.Length;

    /// <param name="entries">Contents of revokedCertificates.</param>
    /// <exception cref="AsnContentException">for what is no list of entries.</exception>
    public static CrlIndex Of(ReadOnlyMemory<byte> entries)
    {
        var keys = new List<ulong>();
        var places = new List<int>();
        var rest = entries.Span;
        for (var at = 0; at < rest.Length;)
        {
            AsnDecoder.ReadSequence(rest[at..], AsnEncodingRules.BER, out var offset, out var length, out var consumed);
            keys.Add(Key(AsnDecoder.ReadIntegerBytes(rest.Slice(at + offset, length), AsnEncodingRules.BER, out _)));
            places.Add(at);
            at += consumed;
        }
        var (sortedKeys, sortedPlaces) = (keys.ToArray(), places.ToArray());
        Array.Sort(sortedKeys, sortedPlaces);
        return new CrlIndex(entries, sortedKeys, sortedPlaces);
    }

    /// <param name="serial">Contents of an INTEGER.</param>
    /// <returns>The contents of the entry; empty without one.</returns>
    public ReadOnlyMemory<byte> Find(ReadOnlySpan<byte> serial)
    {
        var key = Key(serial);
        var first = Array.BinarySearch(_keys, key);
        while (first > 0 && _keys[first - 1] == key)
        {
            first--;
        }
        for (var i = first; i >= 0 && i < _keys.Length && _keys[i] == key; i++)
        {
            var entry = _entries[_places[i]..];
            AsnDecoder.ReadSequence(entry.Span, AsnEncodingRules.BER, out var offset, out var length, out _);
            if (AsnDecoder.ReadIntegerBytes(entry.Span[offset..], AsnEncodingRules.BER, out _).SequenceEqual(serial))
            {
                return entry.Slice(offset, length);
            }
        }
        return default;
    }

    // FNV-1a over the octets: authorities count serials up, or draw them.
    private static ulong Key(ReadOnlySpan<byte> serial)
    {
        var hash = 14695981039346656037UL;
        foreach (var octet in serial)
        {
            hash = (hash ^ octet) * 1099511628211UL;
        }
        return hash;
    }
}
