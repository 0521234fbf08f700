using System.Runtime.CompilerServices;
using Countersign.Configuration;
using Countersign.Native;

namespace Countersign.Proxy.Request;

/// <summary>
/// The body of a request, read as it is wanted: framing undone, limits kept, "100 Continue" sent at the first read. Memory is bounded
/// by client_body_buffer_size; a longer body goes to a file.
/// </summary>
public sealed class RequestBody
{
    /// <summary>The client is gone; the log has the reason.</summary>
    public const int Gone = -499;

    private readonly ChunkedDecoder _chunks = new();
    private Exchange _exchange = null!;
    private long _remaining;
    private byte[]? _memory;
    private BodyFile? _file;

    /// <summary>The request has a body, perhaps read already.</summary>
    public bool HasContent => _exchange.ContentLength > 0 || _exchange.IsChunked;

    /// <summary>Somebody has begun to read.</summary>
    public bool IsBegun { get; private set; }

    /// <summary>There is nothing to read (any more).</summary>
    public bool IsDone { get; private set; }

    /// <summary>True once <see cref="BufferAsync"/> has been through: <see cref="ReadBuffered"/> may be called again and again (retries).</summary>
    public bool IsBuffered { get; private set; }

    /// <summary>Bytes of a buffered body.</summary>
    public long Length { get; private set; }

    /// <summary>Bytes of the body read so far, framing not counted.</summary>
    public long Received { get; private set; }

    /// <summary>The buffered body when it is in memory ($request_body), otherwise null bytes.</summary>
    public Bytes InMemory => IsBuffered && _file is null && Length > 0 ? new Bytes(_memory!, 0, (int)Length) : default;

    /// <summary>Path of the temporary file ($request_body_file), or null.</summary>
    public string? File => _file?.Path;

    /// <summary>The whole body was refused before it was read: no "100 Continue" invites it.</summary>
    public void Refuse() => _exchange.ExpectsContinue = false;

    internal void Begin(Exchange exchange)
    {
        _exchange = exchange;
        _chunks.Reset();
        IsBegun = IsDone = IsBuffered = IsForgotten = false;
        Length = Received = 0;
        _early = _earlyGiven = 0;
        _remaining = -1;
    }

    internal void Release(Worker worker)
    {
        if (_memory is { } memory)
        {
            worker.Return(memory);
            _memory = null;
        }
        if (_earlyMemory is { } early)
        {
            worker.Return(early);
            _earlyMemory = null;
        }
        _file?.Dispose();
        _file = null;
    }

    /// <summary>Reads the next bytes of the body.</summary>
    /// <returns>Count; 0 at the end; a negative HTTP status (-400, -413, -500) that is to be answered; <see cref="Gone"/>.</returns>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    public async ValueTask<int> ReadAsync(Memory<byte> buffer)
    {
        if (!IsBegun)
        {
            var invited = await BeginReadingAsync();
            if (invited != 0)
            {
                return invited;
            }
        }
        int result;
        while ((result = TryRead(buffer.Span)) == -Errno.Again)
        {
            if (!await _exchange.Client.Channel.Readable(Timeout))
            {
                return TimedOut();
            }
        }
        return result;
    }

    /// <summary>What has come of the body by now, for those who wait for other things besides; not before <see cref="BeginReadingAsync"/>.</summary>
    /// <returns>As <see cref="ReadAsync"/>, or -EAGAIN.</returns>
    public int TryRead(Span<byte> buffer)
    {
        if (_earlyGiven == _early)
        {
            return TryReadNew(buffer);
        }
        var count = Math.Min(buffer.Length, _early - _earlyGiven);
        _earlyMemory.AsSpan(_earlyGiven, count).CopyTo(buffer);
        _earlyGiven += count;
        return count;
    }

    private int TryReadNew(Span<byte> buffer) => IsDone ? 0 : _exchange.IsChunked ? TryReadChunked(buffer) : TryReadLength(buffer);

    /// <summary>The client was given the time it may take between two reads of its body, and took longer.</summary>
    /// <returns><see cref="Gone"/>.</returns>
    public int TimedOut() => Lost(Channel.TimedOut);

    /// <summary>Reads all of it into memory, and into a file past client_body_buffer_size (proxy_request_buffering on, $request_body).</summary>
    /// <returns>0, or a negative status as of <see cref="ReadAsync"/>.</returns>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    public async ValueTask<int> BufferAsync()
    {
        if (IsBuffered)
        {
            return 0;
        }
        // As nginx: whoever expects to be told to go on is told so, with or without a body.
        var invited = await BeginReadingAsync();
        if (invited != 0)
        {
            return invited;
        }
        var core = _exchange.Location.Core;
        if (HasContent)
        {
            // As nginx: a body up to a quarter larger than the buffer gets a buffer that fits.
            var size = core.ClientBodyBufferSize;
            var fits = !_exchange.IsChunked && _exchange.ContentLength < size + (size >> 2);
            var capacity = fits ? (int)_exchange.ContentLength : size;
            _memory = capacity <= Worker.BufferSize ? _exchange.Worker.RentBuffer() : new byte[capacity];
            var inFile = core.ClientBodyInFileOnly != ClientBodyInFileOnly.Off;
            var used = 0;
            while (true)
            {
                if (used == capacity && !IsDone || (inFile && used > 0))
                {
                    if (!Save(_memory.AsSpan(0, used), core))
                    {
                        return -500;
                    }
                    used = 0;
                }
                var count = await ReadAsync(_memory.AsMemory(used, capacity - used));
                if (count < 0)
                {
                    return count;
                }
                if (count == 0)
                {
                    break;
                }
                used += count;
                Length += count;
                if (used == capacity && IsDone && _file is null)
                {
                    break;
                }
            }
            if (_file is not null && used > 0 && !Save(_memory.AsSpan(0, used), core))
            {
                return -500;
            }
        }
        IsBegun = IsDone = IsBuffered = true;
        return 0;
    }

    /// <summary>
    /// For those who pass the body on as it comes: invites it, and takes what is there already into memory. As nginx: a body that has come
    /// whole by then counts as buffered.
    /// </summary>
    /// <returns>0, or a negative status as of <see cref="ReadAsync"/>.</returns>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    public async ValueTask<int> BeginStreamAsync()
    {
        var invited = await BeginReadingAsync();
        if (invited != 0)
        {
            return invited;
        }
        var core = _exchange.Location.Core;
        var capacity = _exchange.IsChunked ? core.ClientBodyBufferSize : (int)Math.Min(core.ClientBodyBufferSize, _exchange.ContentLength);
        _earlyMemory = capacity <= Worker.BufferSize ? _exchange.Worker.RentBuffer() : new byte[capacity];
        while (!IsDone && _early < capacity)
        {
            var count = TryReadNew(_earlyMemory.AsSpan(_early, capacity - _early));
            if (count < 0)
            {
                return count == -Errno.Again ? 0 : count;
            }
            _early += count;
        }
        if (IsDone)
        {
            (_memory, _earlyMemory) = (_earlyMemory, null);
            Length = _early;
            _early = 0;
            IsBuffered = true;
        }
        return 0;
    }

    /// <summary>Bytes in memory that <see cref="TryRead"/> gives first, and how many of them it has given.</summary>
    private byte[]? _earlyMemory;
    private int _early;
    private int _earlyGiven;

    /// <summary>Reads a buffered body from <paramref name="offset"/> on; 0 at the end, negative errno on a failing disk.</summary>
    public int ReadBuffered(long offset, Span<byte> buffer)
    {
        var count = (int)Math.Min(buffer.Length, Length - offset);
        if (count <= 0)
        {
            return 0;
        }
        if (_file is { } file)
        {
            return FileDescriptor.ReadAt(file.Descriptor, buffer[..count], offset);
        }
        _memory.AsSpan((int)offset, count).CopyTo(buffer);
        return count;
    }

    /// <summary>Nobody wants the body, and what has come of it is read before the answer (<c>ngx_http_discard_request_body</c>): framing that is
    /// broken so far is answered with 400.</summary>
    /// <returns>0, or a negative status as of <see cref="ReadAsync"/>.</returns>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    public async ValueTask<int> ForgetAsync()
    {
        if (IsBegun)
        {
            return 0;
        }
        var invited = await BeginReadingAsync();
        if (invited != 0 || IsDone)
        {
            return invited;
        }
        IsForgotten = true;
        var scratch = _exchange.Worker.RentBuffer();
        _discardTimeout = (long)_exchange.Location.Core.LingeringTimeout.TotalMilliseconds;
        int count;
        do
        {
            count = TryRead(scratch);
        }
        while (count > 0);
        _discardTimeout = -1;
        _exchange.Worker.Return(scratch);
        return count == -400 ? count : 0;
    }

    /// <summary><see cref="ForgetAsync"/> has begun: the rest may be read away, too.</summary>
    public bool IsForgotten { get; private set; }

    /// <summary>After the answer: reads what nobody wanted, so that the connection can serve another request.</summary>
    /// <returns>False when the client took too long (lingering_time, lingering_timeout) or its framing is broken.</returns>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    public async ValueTask<bool> DiscardAsync()
    {
        if (IsDone || !HasContent)
        {
            return true;
        }
        var core = _exchange.Location.Core;
        var loop = _exchange.Worker.Loop;
        var end = loop.Now + (long)core.LingeringTime.TotalMilliseconds;
        var scratch = _exchange.Worker.RentBuffer();
        _discardTimeout = (long)core.LingeringTimeout.TotalMilliseconds;
        int count;
        do
        {
            count = await ReadAsync(scratch);
        }
        while (count > 0 && loop.Now < end);
        _discardTimeout = -1;
        _exchange.Worker.Return(scratch);
        return count == 0;
    }

    private long _discardTimeout = -1;

    private long Timeout => _discardTimeout >= 0 ? _discardTimeout : (long)_exchange.Location.Core.ClientBodyTimeout.TotalMilliseconds;

    /// <summary>Sends "100 Continue" when the client waits for it, and starts the count. To be called before an answer is sent, too, as nginx does.</summary>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    public async ValueTask<int> BeginReadingAsync()
    {
        if (IsBegun)
        {
            return 0;
        }
        IsBegun = true;
        IsDone = !HasContent;
        _remaining = _exchange.ContentLength;
        if (!_exchange.ExpectsContinue)
        {
            return 0;
        }
        _exchange.ExpectsContinue = false;
        var result = await _exchange.Client.Channel.WriteAsync(Continue, Timeout);
        if (result < 0)
        {
            _exchange.GiveUp(499);
            return Gone;
        }
        _exchange.Writer.CountAside(Continue.Length);
        return 0;
    }

    private static readonly byte[] Continue = "HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray();

    private int TryReadLength(Span<byte> buffer)
    {
        var wanted = (int)Math.Min(buffer.Length, _remaining);
        var count = _exchange.Input.Take(buffer[..wanted]);
        if (count == 0)
        {
            count = _exchange.Client.Channel.TryRead(buffer[..wanted]);
            if (count <= 0)
            {
                return count == -Errno.Again ? count : Lost(count);
            }
        }
        _remaining -= count;
        IsDone = _remaining == 0;
        return Count(count, count);
    }

    private int TryReadChunked(Span<byte> buffer)
    {
        var input = _exchange.Input;
        while (true)
        {
            if (input.Available > 0)
            {
                var consumed = 0;
                var seen = input.Unread[..Math.Min(input.Available, buffer.Length)];
                var result = _chunks.Next(seen, ref consumed, out var data);
                seen.Slice(consumed - data, data).CopyTo(buffer);
                input.Position += consumed;
                Measure(consumed - data);
                switch (result)
                {
                    case ChunkedResult.Data when data > 0:
                        return Count(data, data);
                    case ChunkedResult.Done:
                        IsDone = true;
                        return 0;
                    case ChunkedResult.Invalid:
                        _exchange.Log.Write(LogLevel.Error, "client sent invalid chunked body");
                        return -400;
                }
                continue;
            }
            Refill();
            var filled = input.TryFill();
            if (filled <= 0)
            {
                return filled == -Errno.Again ? filled : Lost(filled);
            }
        }
    }

    /// <summary>The head stays where it is; chunks come to a buffer of their own, over and over.</summary>
    private void Refill()
    {
        var input = _exchange.Input;
        if (_remaining == -1)
        {
            input.Move(input.Last, Worker.BufferSize);
            _remaining = -2;
        }
        input.Clear();
    }

    private int Count(int data, int length)
    {
        Received += data;
        Measure(length);
        var limit = _exchange.Location.Core.ClientMaxBodySize;
        if (_exchange.IsChunked && limit > 0 && Received > limit && _discardTimeout < 0)
        {
            _exchange.Log.Write(LogLevel.Error, $"client intended to send too large chunked body: {Received - data}+{data} bytes");
            _exchange.LingeringClose = true;
            return -413;
        }
        return data;
    }

    /// <summary>As nginx: what is read away is no part of $request_length.</summary>
    private void Measure(int length)
    {
        if (_discardTimeout < 0)
        {
            _exchange.RequestLength += length;
        }
    }

    private int Lost(int result)
    {
        var log = _exchange.Log;
        if (result == Channel.TimedOut)
        {
            if (_discardTimeout < 0)
            {
                // As nginx, which has no line for this one.
                _exchange.GiveUp(408);
            }
            return Gone;
        }
        if (result == 0 && _discardTimeout < 0)
        {
            log.Write(LogLevel.Info, "client prematurely closed connection");
        }
        else if (result != 0)
        {
            log.WriteChannelError(_exchange.Client.Channel, result, "recv()");
        }
        if (_discardTimeout < 0)
        {
            _exchange.GiveUp(400);
        }
        return Gone;
    }

    private bool Save(ReadOnlySpan<byte> bytes, CoreSettings core)
    {
        if (_file is null)
        {
            _file = BodyFile.Create(_exchange.Log, core.ClientBodyTempPath, core.ClientBodyInFileOnly);
            if (_file is null)
            {
                return false;
            }
            _exchange.Log.Write(core.ClientBodyInFileOnly == ClientBodyInFileOnly.Off ? LogLevel.Warn : LogLevel.Notice,
                $"a client request body is buffered to a temporary file {_file.Path}");
        }
        return _file.Append(_exchange.Log, bytes);
    }
}
