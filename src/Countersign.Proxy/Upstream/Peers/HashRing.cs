using System.Text;
using Countersign.Configuration;

namespace Countersign.Proxy.Upstream.Peers;

/// <summary>
/// The ketama ring of <c>hash ... consistent</c>: 160 points for each unit of weight, placed as Cache::Memcached::Fast places them, so that
/// a key finds the same server behind any nginx and here.
/// </summary>
internal sealed class HashRing
{
    private const int PointsPerWeight = 160;

    private readonly uint[] _hashes;
    private readonly string[] _servers;

    /// <param name="peers">The addresses of one server share its points.</param>
    public HashRing(Peer[] peers)
    {
        var points = new List<(uint Hash, string Server)>();
        foreach (var peer in peers)
        {
            Place(points, peer.Server);
        }
        // Stable: where two servers meet on a point, the one named first has it.
        var ring = points.OrderBy(point => point.Hash).DistinctBy(point => point.Hash).ToArray();
        _hashes = [.. ring.Select(point => point.Hash)];
        _servers = [.. ring.Select(point => point.Server)];
    }

    /// <summary>The first point at or after the key's hash.</summary>
    public uint Find(ReadOnlySpan<byte> key)
    {
        var place = Array.BinarySearch(_hashes, Crc32.Of(key));
        return (uint)(place < 0 ? ~place : place);
    }

    /// <summary>Name of the server at a point; points go on from the last to the first.</summary>
    public string ServerAt(uint point) => _servers[point % (uint)_servers.Length];

    private static void Place(List<(uint Hash, string Server)> points, UpstreamServerPlan server)
    {
        var (host, port) = Split(server.Name);
        var start = Crc32.Append(Crc32.Append(Crc32.Append(Crc32.Initial, ByteText.ToBytes(host)), [0]), Encoding.ASCII.GetBytes(port));
        Span<byte> previous = stackalloc byte[sizeof(uint)];
        previous.Clear();
        for (var count = server.Weight * PointsPerWeight; count > 0; count--)
        {
            var hash = ~Crc32.Append(start, previous);
            points.Add((hash, server.Name));
            System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(previous, hash);
        }
    }

    /// <summary>Host and port as they are written; the port is what follows the last colon when it is all digits.</summary>
    private static (string Host, string Port) Split(string name)
    {
        if (name.StartsWith("unix:", StringComparison.OrdinalIgnoreCase))
        {
            return (name[5..], "");
        }
        var digits = name.AsSpan().LastIndexOfAnyExceptInRange('0', '9');
        return digits >= 0 && name[digits] == ':' ? (name[..digits], name[(digits + 1)..]) : (name, "");
    }
}
