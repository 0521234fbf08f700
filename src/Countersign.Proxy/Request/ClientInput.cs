using Countersign.Native;

namespace Countersign.Proxy.Request;

/// <summary>
/// Bytes that came from the client and are not yet used, in buffers as nginx has them: one of client_header_buffer_size, then
/// large_client_header_buffers. Everything a request's <see cref="Bytes"/> point into stays until <see cref="Release"/>.
/// </summary>
public sealed class ClientInput
{
    private readonly List<byte[]> _held = [];
    private Worker _worker = null!;
    private Channel _channel = null!;

    public byte[] Buffer { get; private set; } = [];
    /// <summary>First byte not used.</summary>
    public int Position { get; set; }
    /// <summary>Just past the last byte received.</summary>
    public int Last { get; private set; }
    /// <summary>Just past the last byte that may be used of the buffer.</summary>
    public int Limit { get; private set; }

    public int Available => Last - Position;
    public bool IsFull => Last == Limit;
    public ReadOnlySpan<byte> Unread => Buffer.AsSpan(Position, Last - Position);

    public void Begin(Worker worker, Channel channel, int size)
    {
        _worker = worker;
        _channel = channel;
        Buffer = Rent(size);
        Position = Last = 0;
        Limit = size;
    }

    /// <summary>One read that does not wait, into what is left of the buffer.</summary>
    /// <returns>Count, 0 at the end, or a negative result of the channel.</returns>
    public int TryFill()
    {
        var result = _channel.TryRead(Buffer.AsSpan(Last, Limit - Last));
        Last += Math.Max(0, result);
        return result;
    }

    /// <summary>Goes on in another buffer of <paramref name="size"/>, which begins with the bytes from <paramref name="keep"/> on.
    /// The old one stays, for what points into it.</summary>
    public void Move(int keep, int size)
    {
        var old = Buffer.AsSpan(keep, Last - keep);
        var buffer = Rent(Math.Max(size, old.Length));
        old.CopyTo(buffer);
        Buffer = buffer;
        Position = 0;
        Last = old.Length;
        Limit = Math.Max(size, old.Length);
    }

    /// <summary>Blank lines have filled the buffer: start over.</summary>
    public void Clear() => Position = Last = 0;

    /// <summary>Copies unused bytes out and uses them.</summary>
    public int Take(Span<byte> destination)
    {
        var count = Math.Min(destination.Length, Available);
        Unread[..count].CopyTo(destination);
        Position += count;
        return count;
    }

    /// <summary>Gives every buffer back. What was not used (a pipelined request) is copied to <paramref name="rest"/>.</summary>
    public void Release(out byte[]? rest)
    {
        rest = Available > 0 ? Unread.ToArray() : null;
        foreach (var buffer in _held)
        {
            _worker.Return(buffer);
        }
        _held.Clear();
        Buffer = [];
        Position = Last = Limit = 0;
    }

    /// <summary>Puts the rest of the request before in front.</summary>
    public void Preload(byte[] rest)
    {
        if (rest.Length > Buffer.Length)
        {
            Buffer = Rent(rest.Length);
        }
        rest.CopyTo(Buffer, 0);
        Last = rest.Length;
        Limit = Math.Max(Limit, rest.Length);
    }

    private byte[] Rent(int size)
    {
        var buffer = size <= Worker.BufferSize ? _worker.RentBuffer() : new byte[size];
        _held.Add(buffer);
        return buffer;
    }
}
