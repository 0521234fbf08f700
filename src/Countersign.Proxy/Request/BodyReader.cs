using System.Runtime.CompilerServices;
using Countersign.Configuration;
using Countersign.Native;

namespace Countersign.Proxy.Request;

/// <summary>
/// Takes the body off the client's connection: "100 Continue" sent at the first read, framing undone, limits kept, lost clients
/// logged. Keeps nothing of what it reads.
/// </summary>
internal sealed class BodyReader
{
    private static readonly byte[] Continue = "HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray();

    private readonly ChunkedDecoder _chunks = new();
    private Exchange _exchange = null!;
    private long _remaining;
    private long _discardTimeout;

    public bool IsBegun { get; private set; }

    public bool IsDone { get; private set; }

    /// <summary>Bytes read so far, framing not counted.</summary>
    public long Received { get; private set; }

    /// <summary>Milliseconds the client may take between two reads.</summary>
    public long Timeout => IsDiscarding ? _discardTimeout : (long)_exchange.Location.Core.ClientBodyTimeout.TotalMilliseconds;

    private bool IsDiscarding => _discardTimeout >= 0;

    private bool HasContent => _exchange.ContentLength > 0 || _exchange.IsChunked;

    public void Begin(Exchange exchange)
    {
        _exchange = exchange;
        _chunks.Reset(exchange.Server.Ssl.NginxCompatibility);
        IsBegun = IsDone = false;
        Received = 0;
        _remaining = _discardTimeout = -1;
    }

    /// <summary>Nothing more is to be read.</summary>
    public void Finish() => IsBegun = IsDone = true;

    /// <summary>What is read until <see cref="EndDiscarding"/> is read away: no limit but lingering_timeout, and no part of $request_length.</summary>
    public void BeginDiscarding() => _discardTimeout = (long)_exchange.Location.Core.LingeringTimeout.TotalMilliseconds;

    public void EndDiscarding() => _discardTimeout = -1;

    /// <summary>Sends "100 Continue" when the client waits for it, and starts the count.</summary>
    /// <returns>0 or <see cref="RequestBody.Gone"/>.</returns>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    public async ValueTask<int> BeginAsync()
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
            return RequestBody.Gone;
        }
        _exchange.Writer.CountAside(Continue.Length);
        return 0;
    }

    /// <summary>What has come of the body by now; not before <see cref="BeginAsync"/>.</summary>
    /// <returns>As <see cref="RequestBody.TryRead"/>.</returns>
    public int TryRead(Span<byte> buffer) => IsDone ? 0 : _exchange.IsChunked ? TryReadChunked(buffer) : TryReadLength(buffer);

    /// <summary>The client took longer than <see cref="Timeout"/>.</summary>
    public int TimedOut() => Lost(Channel.TimedOut);

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
        // As nginx: what a chunk announces counts, or a client that never sends it would be waited for.
        var chunk = _exchange.IsChunked ? data + _chunks.Announced : 0;
        if (_exchange.IsChunked && limit > 0 && chunk > limit - (Received - data) && !IsDiscarding)
        {
            _exchange.Log.Write(LogLevel.Error, $"client intended to send too large chunked body: {Received - data}+{chunk} bytes");
            _exchange.LingeringClose = true;
            return -413;
        }
        return data;
    }

    /// <summary>As nginx: what is read away is no part of $request_length.</summary>
    private void Measure(int length)
    {
        if (!IsDiscarding)
        {
            _exchange.RequestLength += length;
        }
    }

    private int Lost(int result)
    {
        var log = _exchange.Log;
        if (result == Channel.TimedOut)
        {
            if (!IsDiscarding)
            {
                // As nginx, which has no line for this one.
                _exchange.GiveUp(408);
            }
            return RequestBody.Gone;
        }
        if (result == 0 && !IsDiscarding)
        {
            log.Write(LogLevel.Info, "client prematurely closed connection");
        }
        else if (result != 0)
        {
            log.WriteChannelError(_exchange.Client.Channel, result, "recv()");
        }
        if (!IsDiscarding)
        {
            _exchange.GiveUp(400);
        }
        return RequestBody.Gone;
    }
}
