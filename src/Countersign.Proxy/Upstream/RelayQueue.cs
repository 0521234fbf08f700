using Countersign.Configuration;
using Countersign.Proxy.Request;

namespace Countersign.Proxy.Upstream;

/// <summary>
/// What has come from a backend and not yet gone to the client, in order: first what is being written, then a stretch of a temporary
/// file, then memory (proxy_buffers). Memory that is full goes to the file, if there may be one (proxy_max_temp_file_size).
/// </summary>
internal sealed class RelayQueue
{
    /// <summary>Body from Start to End; behind it what has been read and not yet looked at.</summary>
    private sealed class Block
    {
        public byte[] Buffer = [];
        public int Start;
        public int End;
        public int RawEnd;
    }

    private readonly List<Block> _blocks = [];
    private readonly Stack<Block> _spare = new();
    private long _limit;
    private long _held;
    private BodyFile? _file;
    private long _fileStart;
    private long _fileEnd;
    private int _writing;
    private long _writingOfFile;

    // As proxy_busy_buffers_size: what a slow client is being sent can neither be let go nor go to the file.
    private const int MostBusy = 2 * Worker.BufferSize;

    /// <summary>Bytes that may still be taken into memory, beside those that are being written.</summary>
    public long Room => _limit - _held + _writing;

    /// <summary>What nginx's present buffer has room for: only a full one goes on, or one with all that can be expected.</summary>
    private long _bufferRoom;
    private const int MostHeldBack = Worker.BufferSize / 2;
    private bool _isBuffering;

    /// <summary>Body that can be written now.</summary>
    public int Ready => _blocks.Count > 0 ? _blocks[0].End - _blocks[0].Start : 0;

    /// <summary>Begins with what came behind the head.</summary>
    public void Begin(Passing passing, bool buffers)
    {
        var settings = passing.Settings;
        _isBuffering = buffers;
        _limit = buffers ? ((long)settings.BuffersCount * settings.BuffersSize) + settings.BufferSize : settings.BufferSize;
        var response = passing.Response;
        _bufferRoom = settings.BufferSize > response.Position
            ? Math.Min(settings.BufferSize - response.Position, MostHeldBack) : Math.Min(settings.BuffersSize, MostHeldBack);
        var start = response.Position;
        var raw = response.Available;
        var block = NewBlock(response.Detach());
        block.Start = block.End = block.RawEnd = start;
        if (passing.Body.State != BodyState.More)
        {
            // There is no body: whatever came is too much.
            passing.Attempt.ResponseLength += raw;
            _ = passing.Body.Decode(passing, block.Buffer.AsSpan(start, raw));
            raw = 0;
        }
        Add(passing, block, raw);
    }

    /// <summary>One read that does not wait.</summary>
    /// <returns>Bytes read, framing included; 0 at the end; a negative error.</returns>
    public int Fill(Passing passing, long most)
    {
        var block = LastWithRoom(passing);
        var count = passing.Backend.TryRead(block.Buffer.AsSpan(block.RawEnd, (int)Math.Min(most, block.Buffer.Length - block.RawEnd)));
        if (count > 0)
        {
            passing.Attempt.BytesReceived += count;
            Add(passing, block, count);
        }
        return count;
    }

    // Much in one read: a small block becomes a large one when more is to come than it has room for.
    private Block LastWithRoom(Passing passing)
    {
        var worker = passing.Worker;
        if (_blocks.Count == 0)
        {
            return NewBlock(worker.RentBuffer());
        }
        var block = _blocks[^1];
        var room = block.Buffer.Length - block.RawEnd;
        if (room >= Worker.BufferSize || room >= passing.Body.Least)
        {
            return block;
        }
        if (_blocks.Count == 1 && _writing == 0 && block.RawEnd - block.Start <= MostHeldBack)
        {
            Rewind(worker, block, isLarge: passing.Body.Least > block.Buffer.Length);
            return block;
        }
        return room > 0 ? block : NextBlock(worker, block);
    }

    /// <summary>The backend says no more: what was held back is looked at, too.</summary>
    public void Flush(Passing passing)
    {
        if (_blocks.Count > 0 && _blocks[^1] is var block && block.RawEnd > block.End)
        {
            Decode(passing, block, block.RawEnd - block.End);
        }
    }

    private void Add(Passing passing, Block block, int raw)
    {
        passing.Attempt.ResponseLength += raw;
        block.RawEnd += raw;
        _held += raw;
        while (block.RawEnd > block.End && passing.Body.State == BodyState.More)
        {
            var held = block.RawEnd - block.End;
            if (!_isBuffering || held >= passing.Body.Least)
            {
                Decode(passing, block, held);
            }
            else if (held >= _bufferRoom)
            {
                Decode(passing, block, (int)_bufferRoom);
            }
            else
            {
                return;
            }
        }
    }

    private void Decode(Passing passing, Block block, int raw)
    {
        var behind = block.RawEnd - block.End - raw;
        var length = passing.Body.Decode(passing, block.Buffer.AsSpan(block.End, raw));
        if (behind > 0)
        {
            block.Buffer.AsSpan(block.End + raw, behind).CopyTo(block.Buffer.AsSpan(block.End + length));
        }
        if (passing.Body.State != BodyState.More)
        {
            _held -= behind;
            behind = 0;
        }
        block.End += length;
        block.RawEnd = block.End + behind;
        _held -= raw - length;
        _bufferRoom = Math.Min(passing.Settings.BuffersSize, MostHeldBack);
    }

    /// <summary>A new block begins with what has not been looked at of the last one.</summary>
    private Block NextBlock(Worker worker, Block last)
    {
        var block = NewBlock(worker.RentLargeBuffer());
        if (last.RawEnd > last.End)
        {
            last.Buffer.AsSpan(last.End, last.RawEnd - last.End).CopyTo(block.Buffer);
            block.RawEnd = last.RawEnd - last.End;
            last.RawEnd = last.End;
        }
        return block;
    }

    private Block NewBlock(byte[] buffer)
    {
        var block = _spare.TryPop(out var spare) ? spare : new Block();
        block.Buffer = buffer;
        block.Start = block.End = block.RawEnd = 0;
        _blocks.Add(block);
        return block;
    }

    /// <summary>What is to be written next, either kind; it stays until <see cref="Written"/>.</summary>
    /// <param name="least">Of memory: less than that waits for what comes behind it, unless its block has no room for more.</param>
    public bool TryNext(int least, out ReadOnlyMemory<byte> memory, out int file, out long offset, out long length)
    {
        memory = default;
        (file, offset, length) = (-1, 0, 0);
        if (_fileStart < _fileEnd)
        {
            (file, offset, length) = (_file!.Descriptor, _fileStart, _fileEnd - _fileStart);
            _writingOfFile = length;
            return true;
        }
        if (Ready == 0 || (Ready < least && _blocks.Count == 1 && Room > 0))
        {
            return false;
        }
        var block = _blocks[0];
        _writing = Math.Min(Ready, MostBusy);
        if (least > 0 && _writing > least && _blocks.Count == 1)
        {
            // Whole records; the rest stays where it is.
            _writing = least + ((_writing - least) / Worker.BufferSize * Worker.BufferSize);
        }
        memory = block.Buffer.AsMemory(block.Start, _writing);
        return true;
    }

    /// <summary>The last piece has gone.</summary>
    public void Written(Worker worker)
    {
        _fileStart += _writingOfFile;
        _writingOfFile = 0;
        if (_writing > 0)
        {
            _blocks[0].Start += _writing;
            _held -= _writing;
            _writing = 0;
        }
        while (_blocks.Count > 0 && _blocks[0] is var first && first.Start == first.End)
        {
            if (_blocks.Count == 1)
            {
                Rewind(worker, first, isLarge: false);
                break;
            }
            Drop(worker, first);
        }
    }

    // The next read has the whole block's room again: what is left in it goes to the front.
    private static void Rewind(Worker worker, Block block, bool isLarge)
    {
        var left = block.Buffer.AsSpan(block.Start, block.RawEnd - block.Start);
        var grows = isLarge && block.Buffer.Length == Worker.BufferSize;
        var next = grows ? worker.RentLargeBuffer() : block.Buffer;
        left.CopyTo(next);
        if (grows)
        {
            worker.Return(block.Buffer);
            block.Buffer = next;
        }
        block.End -= block.Start;
        block.RawEnd = left.Length;
        block.Start = 0;
    }

    private void Drop(Worker worker, Block block)
    {
        _blocks.Remove(block);
        worker.Return(block.Buffer);
        block.Buffer = [];
        _spare.Push(block);
    }

    /// <summary>Moves everything but what is being written to the temporary file.</summary>
    /// <returns>False when there must be no file, it is full, or the disk is (which ends the request).</returns>
    public bool TrySpill(Passing passing, out bool failed)
    {
        failed = false;
        var heldBack = _blocks.Count > 0 ? _blocks[^1].RawEnd - _blocks[^1].End : 0;
        if (_fileEnd >= passing.Settings.MaxTempFileSize || _held == _writing + heldBack)
        {
            return false;
        }
        if (_file is null)
        {
            _file = BodyFile.Create(passing.Log, passing.Settings.TempPath);
            if (_file is null)
            {
                failed = true;
                return false;
            }
            passing.Log.Write(LogLevel.Warn, $"an upstream response is buffered to a temporary file {_file.Path}");
        }
        for (var index = 0; index < _blocks.Count; index++)
        {
            var block = _blocks[index];
            var from = block.Start + (index == 0 ? _writing : 0);
            var bytes = block.Buffer.AsSpan(from, block.End - from);
            if (!_file.Append(passing.Log, bytes))
            {
                failed = true;
                return false;
            }
            _fileEnd += bytes.Length;
            _held -= bytes.Length;
            block.Buffer.AsSpan(block.End, block.RawEnd - block.End).CopyTo(block.Buffer.AsSpan(from));
            block.RawEnd -= bytes.Length;
            block.End = from;
        }
        for (var index = _blocks.Count - 1; index >= 0; index--)
        {
            if (_blocks[index] is var block && block.Start == block.RawEnd)
            {
                Drop(passing.Worker, block);
            }
        }
        return true;
    }

    public void Release(Worker worker)
    {
        while (_blocks.Count > 0)
        {
            Drop(worker, _blocks[^1]);
        }
        _file?.Dispose();
        _file = null;
        _held = _fileStart = _fileEnd = _writingOfFile = 0;
        _writing = 0;
    }
}
