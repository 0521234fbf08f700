namespace Countersign.Proxy.Request;

/// <summary>
/// Puts the answer on the wire: head in nginx's order, body under its framing (length, chunks, or until the end), small pieces
/// gathered so that head and body leave in one write. Results are 0, or -499 where the client is gone or too slow.
/// </summary>
public sealed class ResponseWriter
{
    /// <summary>Composes the head from <see cref="Exchange.Response"/>; it leaves with the first flush or when the buffer is full.
    /// For HEAD, 204 and 304 nothing of the body follows.</summary>
    public ValueTask<int> WriteHeadAsync() => throw new NotImplementedException();

    /// <summary>Adds bytes of the body.</summary>
    public ValueTask<int> WriteAsync(ReadOnlyMemory<byte> bytes) => throw new NotImplementedException();

    /// <summary>Adds a stretch of an open file.</summary>
    public ValueTask<int> WriteFileAsync(int descriptor, long offset, long length) => throw new NotImplementedException();

    /// <summary>Sends what has been gathered.</summary>
    public ValueTask<int> FlushAsync() => throw new NotImplementedException();

    /// <summary>The body is whole: ends the framing, with trailers, and sends.</summary>
    public ValueTask<int> EndAsync() => throw new NotImplementedException();

    /// <summary>$bytes_sent and, less <see cref="HeadLength"/>, $body_bytes_sent.</summary>
    public long BytesSent => throw new NotImplementedException();

    public long HeadLength => throw new NotImplementedException();

    /// <summary>No body is to be written: HEAD, 204, 304.</summary>
    public bool IsHeadOnly => throw new NotImplementedException();
}
