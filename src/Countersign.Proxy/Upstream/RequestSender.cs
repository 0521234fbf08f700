using System.Buffers.Text;
using System.Runtime.CompilerServices;
using Countersign.Configuration;
using Countersign.Native;
using Countersign.Proxy.Request;

namespace Countersign.Proxy.Upstream;

/// <summary>Where the sending of a request stands.</summary>
internal enum SendStep
{
    /// <summary>Everything has gone out.</summary>
    Done,
    /// <summary>The backend takes no more for now.</summary>
    Blocked,
    /// <summary>More of the body has to come from the client first.</summary>
    NeedsClient,
    /// <summary>The backend's connection is broken; <see cref="RequestSender.Error"/>.</summary>
    Failed,
    /// <summary>The client is gone, or has taken too long; logged.</summary>
    ClientGone,
    /// <summary>The client's body is at fault; <see cref="Passing.ClientStatus"/> is the answer.</summary>
    ClientFault,
    /// <summary>The file with the body cannot be read; logged.</summary>
    Internal,
}

/// <summary>
/// Sends head and body to a backend, step by step and without waiting, so that whoever drives it can listen to the backend as well: one
/// that answers early is heard at once.
/// </summary>
internal sealed class RequestSender
{
    /// <summary>A chunk's size line stands right before its data: eight digits and a line end.</summary>
    private const int SizeLine = 10;

    private enum Source { None, Memory, File, Client }

    private byte[]? _buffer;
    private ReadOnlyMemory<byte> _pending;
    private Source _source;
    private ReadOnlyMemory<byte> _memory;
    private long _offset;
    private int _deferred;

    public bool IsDone { get; private set; }

    /// <summary>Of the channel, negative.</summary>
    public int Error { get; private set; }

    /// <summary>Starts over, for another backend.</summary>
    public void Begin(Passing passing)
    {
        IsDone = false;
        Error = 0;
        _offset = 0;
        _pending = passing.Head.Memory;
        _memory = default;
        Choose(passing);
        if (_source == Source.Memory && passing.Head.Length + _memory.Length <= Worker.BufferSize)
        {
            // Head and body in one write.
            var buffer = _buffer ??= passing.Worker.RentBuffer();
            passing.Head.Span.CopyTo(buffer);
            _memory.Span.CopyTo(buffer.AsSpan(passing.Head.Length));
            _pending = buffer.AsMemory(0, passing.Head.Length + _memory.Length);
            _source = Source.None;
        }
        else if (_source == Source.File && passing.Head.Length <= Worker.BufferSize / 2)
        {
            var buffer = _buffer ??= passing.Worker.RentBuffer();
            if (NextOfFile(passing, buffer, passing.Head.Length) == SendStep.Done)
            {
                passing.Head.Span.CopyTo(buffer);
                _pending = buffer.AsMemory(0, passing.Head.Length + _pending.Length);
            }
        }
        else if (_source == Source.Client && passing.Head.Length <= Worker.BufferSize / 2)
        {
            // What has come of the body by now goes out with the head; a fault of it shows after the head.
            _ = NextOfClient(passing, _buffer ??= passing.Worker.RentBuffer(), passing.Head);
        }
    }

    private void Choose(Passing passing)
    {
        var body = passing.Exchange.Body;
        _source = Source.None;
        if (!passing.SetBody.IsNull)
        {
            Take(passing.SetBody.Memory);
        }
        else if (passing.IsStreaming)
        {
            _source = Source.Client;
        }
        else if (passing.Settings.PassRequestBody && !passing.Exchange.IsBodyDiscarded && body is { IsBuffered: true, Length: > 0 })
        {
            if (body.InMemory is { IsNull: false } memory)
            {
                Take(memory.Memory);
            }
            else
            {
                _source = Source.File;
            }
        }
    }

    private void Take(ReadOnlyMemory<byte> memory)
    {
        _memory = memory;
        _source = memory.IsEmpty ? Source.None : Source.Memory;
    }

    public SendStep TrySend(Passing passing)
    {
        while (true)
        {
            while (!_pending.IsEmpty)
            {
                var written = passing.Backend.TryWrite(_pending.Span);
                if (written < 0)
                {
                    Error = written;
                    return written == -Errno.Again ? SendStep.Blocked : SendStep.Failed;
                }
                passing.Attempt.BytesSent += written;
                _pending = _pending[written..];
            }
            if (_source == Source.None)
            {
                IsDone = true;
                return SendStep.Done;
            }
            var step = Next(passing);
            if (step != SendStep.Done)
            {
                return step;
            }
        }
    }

    /// <summary>Gets the next piece of the body ready.</summary>
    private SendStep Next(Passing passing)
    {
        if (_source == Source.Memory)
        {
            _pending = _memory;
            _source = Source.None;
            return SendStep.Done;
        }
        var buffer = _buffer ??= passing.Worker.RentBuffer();
        return _source == Source.File ? NextOfFile(passing, buffer, 0) : NextOfClient(passing, buffer, default);
    }

    private SendStep NextOfFile(Passing passing, byte[] buffer, int at)
    {
        var body = passing.Exchange.Body;
        var count = body.ReadBuffered(_offset, buffer.AsSpan(at));
        if (count <= 0)
        {
            passing.Log.Write(LogLevel.Alert, $"pread() \"{body.File}\" failed", -count);
            return SendStep.Internal;
        }
        _offset += count;
        _pending = buffer.AsMemory(at, count);
        _source = _offset < body.Length ? Source.File : Source.None;
        return SendStep.Done;
    }

    /// <summary>Everything that has come by now, as one piece behind <paramref name="head"/>.</summary>
    private SendStep NextOfClient(Passing passing, byte[] buffer, Bytes head)
    {
        var body = passing.Exchange.Body;
        var start = head.Length + SizeLine;
        var room = buffer.Length - start - 2 - LastChunk.Length;
        var length = 0;
        var result = _deferred;
        while (result >= 0 && length < room)
        {
            result = body.TryRead(buffer.AsSpan(start + length, room - length));
            if (result == 0)
            {
                _source = Source.None;
                break;
            }
            length += Math.Max(0, result);
        }
        _deferred = result is < 0 and not -Errno.Again ? result : 0;
        if (length > 0 || _source == Source.None)
        {
            var end = start + length;
            if (passing.SendsChunks)
            {
                (start, end) = Chunk(buffer, start, length, isLast: _source == Source.None);
            }
            start -= head.Length;
            head.Span.CopyTo(buffer.AsSpan(start));
            _pending = buffer.AsMemory(start, end - start);
            return SendStep.Done;
        }
        switch (result)
        {
            case -Errno.Again:
                return SendStep.NeedsClient;
            case RequestBody.Gone:
                return SendStep.ClientGone;
            default:
                passing.ClientStatus = -result;
                return SendStep.ClientFault;
        }
    }

    /// <summary>Puts size and line ends around the data at <paramref name="data"/>.</summary>
    /// <returns>From where to where the chunk now is.</returns>
    private static (int Start, int End) Chunk(byte[] buffer, int data, int length, bool isLast)
    {
        var (start, end) = (data, data + length);
        if (length > 0)
        {
            Span<byte> size = stackalloc byte[SizeLine];
            _ = Utf8Formatter.TryFormat(length, size, out var digits, 'x');
            start -= digits + 2;
            size[..digits].CopyTo(buffer.AsSpan(start));
            "\r\n"u8.CopyTo(buffer.AsSpan(data - 2));
            "\r\n"u8.CopyTo(buffer.AsSpan(end));
            end += 2;
        }
        if (isLast)
        {
            LastChunk.CopyTo(buffer.AsSpan(end));
            end += LastChunk.Length;
        }
        return (start, end);
    }

    private static readonly byte[] LastChunk = "0\r\n\r\n"u8.ToArray();

    public void Release(Worker worker)
    {
        if (_buffer is { } buffer)
        {
            worker.Return(buffer);
        }
        _buffer = null;
        _deferred = 0;
        _pending = _memory = default;
    }
}
