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
    private byte[]? _early;
    private int _earlyLength;

    public bool IsDone { get; private set; }

    /// <summary>Of the channel, negative.</summary>
    public int Error { get; private set; }

    /// <summary>
    /// proxy_request_buffering off: invites the body and takes what came with the head. As nginx: a body that has come whole by then
    /// counts as buffered, so that it can go to another backend and is never sent in chunks.
    /// </summary>
    /// <returns>0, or a negative status as of <see cref="RequestBody.ReadAsync"/>.</returns>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    public async ValueTask<int> BeginStreamAsync(Passing passing)
    {
        var body = passing.Exchange.Body;
        var invited = await body.BeginReadingAsync();
        if (invited != 0)
        {
            return invited;
        }
        _early = passing.Worker.RentBuffer();
        var room = _early.Length - SizeLine - 2;
        while (passing.Exchange.Input.Available > 0 && !body.IsDone && _earlyLength < room)
        {
            var count = body.TryRead(_early.AsSpan(SizeLine + _earlyLength, room - _earlyLength));
            if (count == -Errno.Again)
            {
                break;
            }
            if (count < 0)
            {
                return count;
            }
            _earlyLength += count;
        }
        passing.IsStreaming = !body.IsDone;
        return 0;
    }

    /// <summary>Length of a body that has been read; -1 while it has not.</summary>
    public long Length(Passing passing) => passing.IsStreaming ? -1 : _early is null ? passing.Exchange.Body.Length : _earlyLength;

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
        else if (_early is not null)
        {
            Take(_early.AsMemory(SizeLine, _earlyLength));
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
        return _source == Source.File ? NextOfFile(passing, buffer) : NextOfClient(passing, buffer);
    }

    private SendStep NextOfFile(Passing passing, byte[] buffer)
    {
        var body = passing.Exchange.Body;
        var count = body.ReadBuffered(_offset, buffer);
        if (count <= 0)
        {
            passing.Log.Write(LogLevel.Alert, $"pread() \"{body.File}\" failed", -count);
            return SendStep.Internal;
        }
        _offset += count;
        _pending = buffer.AsMemory(0, count);
        _source = _offset < body.Length ? Source.File : Source.None;
        return SendStep.Done;
    }

    private SendStep NextOfClient(Passing passing, byte[] buffer)
    {
        var body = passing.Exchange.Body;
        int count;
        if (_early is { } early && _earlyLength > 0)
        {
            count = _earlyLength;
            early.AsSpan(SizeLine, count).CopyTo(buffer.AsSpan(SizeLine));
            _earlyLength = 0;
        }
        else
        {
            count = body.TryRead(buffer.AsSpan(SizeLine, buffer.Length - SizeLine - 2));
        }
        switch (count)
        {
            case -Errno.Again:
                return SendStep.NeedsClient;
            case RequestBody.Gone:
                return SendStep.ClientGone;
            case < 0:
                passing.ClientStatus = -count;
                return SendStep.ClientFault;
            case 0:
                _pending = passing.SendsChunks ? LastChunk : default;
                _source = Source.None;
                return SendStep.Done;
        }
        _pending = passing.SendsChunks ? Chunk(buffer, count) : buffer.AsMemory(SizeLine, count);
        return SendStep.Done;
    }

    private static Memory<byte> Chunk(byte[] buffer, int count)
    {
        _ = Utf8Formatter.TryFormat(count, buffer, out var digits, 'x');
        var start = SizeLine - 2 - digits;
        buffer.AsSpan(0, digits).CopyTo(buffer.AsSpan(start));
        "\r\n"u8.CopyTo(buffer.AsSpan(SizeLine - 2));
        "\r\n"u8.CopyTo(buffer.AsSpan(SizeLine + count));
        return buffer.AsMemory(start, digits + 2 + count + 2);
    }

    private static readonly byte[] LastChunk = "0\r\n\r\n"u8.ToArray();

    public void Release(Worker worker)
    {
        if (_buffer is { } buffer)
        {
            worker.Return(buffer);
        }
        if (_early is { } early)
        {
            worker.Return(early);
        }
        _buffer = _early = null;
        _earlyLength = 0;
        _pending = _memory = default;
    }
}
