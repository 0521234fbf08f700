using System.Runtime.CompilerServices;
using Countersign.Native;

namespace Countersign.Proxy.Request;

/// <summary>
/// Puts the answer on the wire: head in nginx's order, body under its framing (length, chunks, or until the end), small pieces
/// gathered so that head and body leave in one write. Results are 0, or <see cref="Gone"/> where the client is gone or too slow.
/// </summary>
public sealed class ResponseWriter
{
    public const int Gone = -499;

    private readonly ResponseSender _sender = new();
    private Exchange _exchange = null!;
    private byte[]? _buffer;
    private int _used;
    private bool _chunked;
    /// <summary>Of the body, before a range is cut out of it.</summary>
    private long _position;

    /// <summary>$bytes_sent: bytes the client's socket has taken.</summary>
    public long BytesSent => _sender.BytesSent;

    /// <summary>Bytes of the head once composed; $body_bytes_sent is what was sent past it.</summary>
    public long HeadLength { get; private set; }

    /// <summary>The body goes in chunks; known with the head.</summary>
    public bool IsChunked => _chunked;

    /// <summary>No body is to be written: HEAD, 204, 304.</summary>
    public bool IsHeadOnly { get; private set; }

    /// <summary>Bytes gathered and not yet sent.</summary>
    public int Buffered => _used;

    /// <summary>Bytes a second (limit_rate, X-Accel-Limit-Rate); 0 is no limit.</summary>
    public long LimitRate { get => _sender.LimitRate; set => _sender.LimitRate = value; }

    /// <summary>Bytes that go unlimited first (limit_rate_after).</summary>
    public long LimitRateAfter { get => _sender.LimitRateAfter; set => _sender.LimitRateAfter = value; }

    internal void Begin(Exchange exchange)
    {
        _exchange = exchange;
        _used = 0;
        _chunked = IsHeadOnly = false;
        HeadLength = _position = 0;
        _sender.Begin(exchange);
    }

    internal void Release(Worker worker)
    {
        if (_buffer is { } buffer)
        {
            worker.Return(buffer);
            _buffer = null;
        }
    }

    /// <summary>Composes the head from <see cref="Exchange.Response"/>; it leaves with the first flush or when the buffer is full.
    /// For HEAD, 204 and 304 nothing of the body follows.</summary>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    public async ValueTask<int> WriteHeadAsync()
    {
        var response = _exchange.Response;
        if (response.IsSent)
        {
            return 0;
        }
        response.IsSent = true;
        // As nginx, which discards a body (and so invites it) before it answers.
        if (!_exchange.Body.IsBegun && _exchange.ExpectsContinue && await _exchange.Body.BeginReadingAsync() != 0)
        {
            return Gone;
        }
        IsHeadOnly = _exchange.Method == Method.Head || response.Status is 204 or 304;
        if (_exchange.Version < 1000)
        {
            _exchange.KeepAlive = false;
            return 0;
        }
        _chunked = ResponseHeadText.DecideFraming(_exchange);
        var length = ResponseHeadText.Compose(_exchange, _chunked, out var head);
        HeadLength = length;
        return await AddAsync(head.AsMemory(0, length));
    }

    /// <summary>An interim answer (103 as a backend sent it): goes out at once, whole.</summary>
    public ValueTask<int> WriteInterimAsync(ReadOnlyMemory<byte> head) => _sender.SendAsync(head);

    /// <summary>Adds bytes of the body.</summary>
    public ValueTask<int> WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        var (skip, take) = Cut(bytes.Length);
        if (IsHeadOnly || take == 0)
        {
            return new ValueTask<int>(0);
        }
        bytes = bytes.Slice((int)skip, (int)take);
        return _used == 0 && !_chunked && take % Worker.BufferSize == 0 ? _sender.SendAsync(bytes) : WritePieceAsync(bytes);
    }

    /// <summary>What of the body's next bytes lies inside the range that was asked for.</summary>
    private (long Skip, long Take) Cut(long length)
    {
        if (_exchange.Response.BodyRange is not { } range)
        {
            return (0, length);
        }
        var start = Math.Clamp(range.Start - _position, 0, length);
        var end = Math.Clamp(range.End - _position, start, length);
        _position += length;
        return (start, end - start);
    }

    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private async ValueTask<int> WritePieceAsync(ReadOnlyMemory<byte> bytes)
    {
        if (!_chunked)
        {
            return await AddAsync(bytes);
        }
        if (await EnsureAsync(16) != 0)
        {
            return Gone;
        }
        _ = bytes.Length.TryFormat(_buffer.AsSpan(_used), out var digits, "x");
        _used += digits;
        Append("\r\n"u8);
        return await AddAsync(bytes) != 0 || await EnsureAsync(2) != 0 ? Gone : Append("\r\n"u8);
    }

    /// <summary>Adds a stretch of an open file.</summary>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    public async ValueTask<int> WriteFileAsync(int descriptor, long offset, long length)
    {
        if (IsHeadOnly)
        {
            return 0;
        }
        var (skip, take) = Cut(length);
        offset += skip;
        length = take;
        if (!_chunked && _exchange.Client.Tls is null && LimitRate == 0 && length > Worker.BufferSize)
        {
            return await FlushAsync() != 0 ? Gone : await _sender.SendFileAsync(descriptor, offset, length);
        }
        var buffer = _exchange.Worker.RentBuffer();
        var result = 0;
        while (length > 0 && result == 0)
        {
            var count = FileDescriptor.ReadAt(descriptor, buffer.AsSpan(0, (int)Math.Min(buffer.Length, length)), offset);
            if (count <= 0)
            {
                result = _sender.Truncated(count);
                break;
            }
            offset += count;
            length -= count;
            result = await WritePieceAsync(buffer.AsMemory(0, count));
        }
        _exchange.Worker.Return(buffer);
        return result;
    }

    /// <summary>Bytes that went to the client past the writer: of an upgraded connection, or "100 Continue", which nginx counts, too.</summary>
    internal void CountAside(int bytes) => _sender.CountAside(bytes);

    /// <summary>Sends what has been gathered.</summary>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    public async ValueTask<int> FlushAsync()
    {
        if (_used == 0)
        {
            return 0;
        }
        var used = _used;
        _used = 0;
        return await _sender.SendAsync(_buffer.AsMemory(0, used));
    }

    /// <summary>The body is whole: ends the framing, with trailers, and sends.</summary>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    public async ValueTask<int> EndAsync()
    {
        if (_chunked && !IsHeadOnly)
        {
            _exchange.Response.AddTrailers?.Invoke(_exchange);
            if (await AddAsync(LastChunk) != 0 || await WriteTrailersAsync() != 0 || await EnsureAsync(2) != 0)
            {
                return Gone;
            }
            Append("\r\n"u8);
        }
        _exchange.Client.Channel.IsEnding = !_exchange.KeepAlive;
        await _exchange.Worker.Loop.Departures;
        if (await FlushAsync() != 0)
        {
            return Gone;
        }
        _exchange.IsComplete = true;
        return 0;
    }

    private static readonly byte[] LastChunk = "0\r\n"u8.ToArray();

    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private async ValueTask<int> WriteTrailersAsync()
    {
        for (var index = 0; index < _exchange.Response.Trailers.Count; index++)
        {
            var (name, value) = _exchange.Response.Trailers[index];
            if (await AddAsync(name.Memory) != 0 || await EnsureAsync(2) != 0)
            {
                return Gone;
            }
            Append(": "u8);
            if (await AddAsync(value.Memory) != 0 || await EnsureAsync(2) != 0)
            {
                return Gone;
            }
            Append("\r\n"u8);
        }
        return 0;
    }

    /// <summary>Into the buffer; what fills it goes out in whole TLS records, and long stretches without a copy.</summary>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private async ValueTask<int> AddAsync(ReadOnlyMemory<byte> bytes)
    {
        _buffer ??= _exchange.Worker.RentBuffer();
        if (bytes.Length <= _buffer.Length - _used)
        {
            return Append(bytes.Span);
        }
        var first = _buffer.Length - _used;
        Append(bytes.Span[..first]);
        bytes = bytes[first..];
        if (await FlushAsync() != 0)
        {
            return Gone;
        }
        if (bytes.Length >= _buffer.Length)
        {
            var whole = bytes.Length - (bytes.Length % _buffer.Length);
            if (await _sender.SendAsync(bytes[..whole]) != 0)
            {
                return Gone;
            }
            bytes = bytes[whole..];
        }
        return Append(bytes.Span);
    }

    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private async ValueTask<int> EnsureAsync(int room)
    {
        _buffer ??= _exchange.Worker.RentBuffer();
        return _buffer.Length - _used >= room ? 0 : await FlushAsync();
    }

    private int Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_buffer.AsSpan(_used));
        _used += bytes.Length;
        return 0;
    }
}
