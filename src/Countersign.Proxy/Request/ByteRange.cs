namespace Countersign.Proxy.Request;

/// <summary>A stretch of a body (RFC 9110, 14.1.2): the first byte and the one after the last.</summary>
public readonly record struct ByteRange(long Start, long End)
{
    public long Length => End - Start;
}

/// <summary>A body of several stretches (RFC 9110, 14.6).</summary>
/// <param name="Boundary">Without the dashes before it.</param>
/// <param name="PartHead">From the line end before the boundary to <c>Content-Range: bytes </c>; the range itself follows.</param>
/// <param name="Total">Length of the whole body.</param>
public sealed record MultipartRanges(IReadOnlyList<ByteRange> Ranges, string Boundary, string PartHead, long Total);
