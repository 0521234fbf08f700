using System.Buffers.Text;
using Countersign.Native;
using Countersign.Proxy.Request;

namespace Countersign.Proxy.Upstream.Peers;

/// <summary>
/// Choices that a key, the client's address or chance makes: hash, hash consistent, ip_hash, random. Each looks at most twenty times for
/// a live peer; then round robin has the word.
/// </summary>
internal struct KeyedChoice
{
    private const int MaximumTries = 20;

    /// <summary>The choice is round robin's.</summary>
    public const int GaveUp = -2;

    private Bytes _key;
    private uint _hash;
    private uint _rehash;
    private int _tries;

    public void Begin(Bytes key)
    {
        this = default;
        _key = key;
    }

    public void BeginRing(HashRing ring, Bytes key)
    {
        Begin(key);
        _hash = ring.Find(key);
    }

    public void BeginAddress()
    {
        Begin(default);
        _hash = 89;
    }

    /// <summary>Compatible with Cache::Memcached: <c>((crc32([REHASH] KEY) >> 16) &amp; 0x7fff) + PREV_HASH</c>.</summary>
    public int Hash(PeerGroup group, ReadOnlySpan<bool> tried, long now)
    {
        if (_tries > MaximumTries || group.Peers.Length < 2 || _key.IsEmpty)
        {
            return GaveUp;
        }
        Span<byte> number = stackalloc byte[10];
        do
        {
            var crc = Crc32.Initial;
            if (_rehash > 0)
            {
                _ = Utf8Formatter.TryFormat(_rehash, number, out var length);
                crc = Crc32.Append(crc, number[..length]);
            }
            _hash += (~Crc32.Append(crc, _key) >> 16) & 0x7fff;
            _rehash++;
            var index = group.At(_hash % (uint)group.TotalWeight);
            if (!tried[index] && group.Peers[index].IsLive(now))
            {
                return index;
            }
        }
        while (++_tries <= MaximumTries);
        return GaveUp;
    }

    public int Ring(HashRing ring, PeerGroup group, ReadOnlySpan<bool> tried, long now)
    {
        if (_tries > MaximumTries || group.IsSingle || _key.IsEmpty)
        {
            return GaveUp;
        }
        do
        {
            var index = RoundRobin.Choose(group.Peers, tried, now, ring.ServerAt(_hash));
            if (index >= 0)
            {
                return index;
            }
            _hash++;
        }
        while (++_tries <= MaximumTries);
        return GaveUp;
    }

    /// <summary>By the first three bytes of an IPv4 address, all of an IPv6 one; other clients are all alike.</summary>
    public int Address(in SocketAddress client, PeerGroup group, ReadOnlySpan<bool> tried, long now)
    {
        if (_tries > MaximumTries || group.Peers.Length < 2)
        {
            return GaveUp;
        }
        ReadOnlySpan<byte> address = client.Family switch
        {
            SocketFamily.IPv4 => client.IPBytes[..3],
            SocketFamily.IPv6 => client.IPBytes,
            _ => [0, 0, 0],
        };
        var hash = _hash;
        do
        {
            foreach (var part in address)
            {
                hash = ((hash * 113) + part) % 6271;
            }
            var index = group.At(hash % (uint)group.TotalWeight);
            if (!tried[index] && group.Peers[index].IsLive(now))
            {
                _hash = hash;
                return index;
            }
        }
        while (++_tries <= MaximumTries);
        return GaveUp;
    }

    /// <param name="ofTwo">The one with fewer connections of two.</param>
    public int Chance(Random random, bool ofTwo, PeerGroup group, ReadOnlySpan<bool> tried, long now)
    {
        if (_tries > MaximumTries || group.Peers.Length < 2)
        {
            return GaveUp;
        }
        var first = -1;
        do
        {
            var index = group.At(random.Next(group.TotalWeight));
            if (index == first || tried[index] || !group.Peers[index].IsLive(now))
            {
                continue;
            }
            if (!ofTwo)
            {
                return index;
            }
            if (first >= 0)
            {
                return RoundRobin.Load(group.Peers[index], group.Peers[first]) > 0 ? first : index;
            }
            first = index;
        }
        while (++_tries <= MaximumTries);
        return GaveUp;
    }
}
