namespace Countersign.Proxy.Request;

/// <summary>
/// The body of a request, read as it is wanted: framing undone, limits kept, "100 Continue" sent at the first read.
/// </summary>
public sealed class RequestBody
{
    /// <summary>There is nothing to read (any more).</summary>
    public bool IsDone => throw new NotImplementedException();

    /// <summary>Reads the next bytes of the body.</summary>
    /// <returns>Count; 0 at the end; a negative HTTP status (-400, -408, -413) that is to be answered; -499 where the client is gone.</returns>
    public ValueTask<int> ReadAsync(Memory<byte> buffer) => throw new NotImplementedException();

    /// <summary>Reads all of it into memory, and into a file past client_body_buffer_size (proxy_request_buffering on, $request_body).</summary>
    /// <returns>0, or a negative status as of <see cref="ReadAsync"/>.</returns>
    public ValueTask<int> BufferAsync() => throw new NotImplementedException();

    /// <summary>True once <see cref="BufferAsync"/> has been through: <see cref="CopyAsync"/> may be called again and again (retries).</summary>
    public bool IsBuffered => throw new NotImplementedException();

    /// <summary>Bytes of a buffered body.</summary>
    public long Length => throw new NotImplementedException();

    /// <summary>The buffered body when it is in memory ($request_body), otherwise null bytes.</summary>
    public Bytes InMemory => throw new NotImplementedException();

    /// <summary>Path of the temporary file ($request_body_file), or null.</summary>
    public string? File => throw new NotImplementedException();

    /// <summary>Reads a buffered body from <paramref name="offset"/> on; 0 at the end, negative errno on a failing disk.</summary>
    public int ReadBuffered(long offset, Span<byte> buffer) => throw new NotImplementedException();
}
