namespace Countersign.Proxy.Request;

/// <summary>A stretch of a body (RFC 9110, 14.1.2): the first byte and the one after the last.</summary>
public readonly record struct ByteRange(long Start, long End)
{
    public long Length => End - Start;
}

/// <summary>A body of several stretches (RFC 9110, 14.6).</summary>
/// <param name="ContentType">Of the whole body, Latin-1; empty for none.</param>
/// <param name="Total">Length of the whole body.</param>
public sealed record MultipartRanges(IReadOnlyList<ByteRange> Ranges, string Boundary, string ContentType, long Total)
{
    /// <summary>What stands before a part.</summary>
    public string HeadOf(ByteRange range) =>
        $"\r\n--{Boundary}\r\n{(ContentType.Length > 0 ? $"Content-Type: {ContentType}\r\n" : "")}Content-Range: bytes {range.Start}-{range.End - 1}/{Total}\r\n\r\n";

    public string End => $"\r\n--{Boundary}--\r\n";

    /// <summary>Length of the whole multipart body.</summary>
    public long Length => Ranges.Sum(range => HeadOf(range).Length + range.Length) + End.Length;
}
