using System.Runtime.CompilerServices;
using Countersign.Configuration;
using Countersign.Native;

namespace Countersign.Proxy.Request;

/// <summary>
/// The body of a request, read as it is wanted: kept whole, passed on as it comes, or read away. Memory is bounded by
/// client_body_buffer_size; a longer body goes to a file.
/// </summary>
public sealed class RequestBody
{
    /// <summary>The client is gone; the log has the reason.</summary>
    public const int Gone = -499;

    private readonly BodyReader _reader = new();
    private Exchange _exchange = null!;
    private BodyStore _store = new();
    /// <summary>Came before anybody passed it on: <see cref="TryRead"/> gives it first.</summary>
    private BodyStore _early = new();
    private int _earlyGiven;

    /// <summary>The request has a body, perhaps read already.</summary>
    public bool HasContent => _exchange.ContentLength > 0 || _exchange.IsChunked;

    /// <summary>Somebody has begun to read.</summary>
    public bool IsBegun => _reader.IsBegun;

    /// <summary>There is nothing to read (any more).</summary>
    public bool IsDone => _reader.IsDone;

    /// <summary>True once <see cref="BufferAsync"/> has been through: <see cref="ReadBuffered"/> may be called again and again (retries).</summary>
    public bool IsBuffered { get; private set; }

    /// <summary>Bytes of a buffered body.</summary>
    public long Length => _store.Length;

    /// <summary>Bytes of the body read so far, framing not counted.</summary>
    public long Received => _reader.Received;

    /// <summary>The buffered body when it is in memory ($request_body), otherwise null bytes.</summary>
    public Bytes InMemory => IsBuffered ? _store.InMemory : default;

    /// <summary>Path of the temporary file ($request_body_file), or null.</summary>
    public string? File => _store.File;

    /// <summary><see cref="ForgetAsync"/> has begun: the rest may be read away, too.</summary>
    public bool IsForgotten { get; private set; }

    /// <summary>The whole body was refused before it was read: no "100 Continue" invites it.</summary>
    public void Refuse() => _exchange.ExpectsContinue = false;

    internal void Begin(Exchange exchange)
    {
        _exchange = exchange;
        _reader.Begin(exchange);
        _store.Begin();
        _early.Begin();
        _earlyGiven = 0;
        IsBuffered = IsForgotten = false;
    }

    internal void Release(Worker worker)
    {
        _store.Release(worker);
        _early.Release(worker);
    }

    /// <summary>Sends "100 Continue" when the client waits for it, and starts the count. To be called before an answer is sent, too, as nginx does.</summary>
    /// <returns>0 or <see cref="Gone"/>.</returns>
    public ValueTask<int> BeginReadingAsync() => _reader.BeginAsync();

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
            if (!await _exchange.Client.Channel.Readable(_reader.Timeout))
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
        if (_earlyGiven == _early.Length)
        {
            return _reader.TryRead(buffer);
        }
        var count = _early.Read(_earlyGiven, buffer);
        _earlyGiven += count;
        return count;
    }

    /// <summary>The client was given the time it may take between two reads of its body, and took longer.</summary>
    /// <returns><see cref="Gone"/>.</returns>
    public int TimedOut() => _reader.TimedOut();

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
        var result = invited != 0 ? invited : await KeepAsync();
        if (result == 0)
        {
            _reader.Finish();
            IsBuffered = true;
        }
        return result;
    }

    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private async ValueTask<int> KeepAsync()
    {
        var core = _exchange.Location.Core;
        var log = _exchange.Log;
        if (HasContent)
        {
            // As nginx: a body up to a quarter larger than the buffer gets a buffer that fits.
            var size = core.ClientBodyBufferSize;
            var fits = !_exchange.IsChunked && (FitsBehindHead || Missing < size + (size >> 2));
            _store.Open(_exchange.Worker, fits ? (int)_exchange.ContentLength : Math.Max(size, _exchange.Input.Available));
            int count;
            do
            {
                if (_store.IsFull && !_store.Spill(log, core))
                {
                    return -500;
                }
                count = await ReadAsync(_store.Free);
                if (count < 0)
                {
                    return count;
                }
                _store.Take(count);
            }
            while (count > 0 && !IsDone);
        }
        // As nginx: a body of no bytes has its file, too, when there is to be one.
        var isInFile = _store.File is not null
            || (core.ClientBodyInFileOnly != ClientBodyInFileOnly.Off && (_exchange.ContentLength >= 0 || _exchange.IsChunked));
        return isInFile && !_store.Spill(log, core) ? -500 : 0;
    }

    /// <summary>Bytes that have not come with the head.</summary>
    private long Missing => _exchange.ContentLength - _exchange.Input.Available;

    /// <summary>The body has begun in the buffer of the head, and all of it fits there: nginx then leaves it, whatever client_body_buffer_size says.</summary>
    private bool FitsBehindHead => _exchange.Input is { Available: > 0 } input && Missing <= input.Limit - input.Last;

    /// <summary>
    /// For those who pass the body on as it comes: invites it, and takes what is there already into memory. As nginx: a body that has come
    /// whole by then counts as buffered.
    /// </summary>
    /// <returns>0, or a negative status as of <see cref="ReadAsync"/>.</returns>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    public async ValueTask<int> BeginStreamAsync()
    {
        var invited = await BeginReadingAsync();
        if (invited != 0 || IsDone)
        {
            IsBuffered = IsDone;
            return invited;
        }
        var came = _exchange.Input.Available;
        var size = _exchange.Location.Core.ClientBodyBufferSize;
        _early.Open(_exchange.Worker, _exchange.IsChunked ? Math.Max(size, came)
            : FitsBehindHead ? (int)_exchange.ContentLength : came + (int)Math.Min(size, Missing));
        while (!IsDone && !_early.IsFull)
        {
            var count = _reader.TryRead(_early.Free.Span);
            if (count < 0)
            {
                return count == -Errno.Again ? 0 : count;
            }
            _early.Take(count);
        }
        if (IsDone)
        {
            (_store, _early) = (_early, _store);
            IsBuffered = true;
        }
        return 0;
    }

    /// <summary>Reads a buffered body from <paramref name="offset"/> on; 0 at the end, negative errno on a failing disk.</summary>
    public int ReadBuffered(long offset, Span<byte> buffer) => _store.Read(offset, buffer);

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
        _reader.BeginDiscarding();
        int count;
        do
        {
            count = TryRead(scratch);
        }
        while (count > 0);
        _reader.EndDiscarding();
        _exchange.Worker.Return(scratch);
        return count == -400 ? count : 0;
    }

    /// <summary>After the answer: reads what nobody wanted, so that the connection can serve another request.</summary>
    /// <returns>False when the client took too long (lingering_time, lingering_timeout) or its framing is broken.</returns>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    public async ValueTask<bool> DiscardAsync()
    {
        if (IsDone || !HasContent)
        {
            return true;
        }
        var loop = _exchange.Worker.Loop;
        var end = loop.Now + (long)_exchange.Location.Core.LingeringTime.TotalMilliseconds;
        var scratch = _exchange.Worker.RentBuffer();
        _reader.BeginDiscarding();
        int count;
        do
        {
            count = await ReadAsync(scratch);
        }
        while (count > 0 && loop.Now < end);
        _reader.EndDiscarding();
        _exchange.Worker.Return(scratch);
        return count == 0;
    }
}
