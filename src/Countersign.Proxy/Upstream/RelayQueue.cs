using Countersign.Configuration;
using Countersign.Proxy.Request;

namespace Countersign.Proxy.Upstream;

/// <summary>
/// What has come from a backend and not yet gone to the client, in order: first what is being written, then a stretch of a temporary
/// file, then memory (proxy_buffers). Memory that is full goes to the file, if there may be one (proxy_max_temp_file_size).
/// </summary>
internal sealed class RelayQueue
{
    private sealed class Block
    {
        public byte[] Buffer = [];
        public int Start;
        public int End;
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

    /// <summary>Nothing waits, not even to be written to its end.</summary>
    public bool IsEmpty => _held == 0 && _fileStart == _fileEnd;

    /// <summary>Bytes that may still be taken into memory.</summary>
    public long Room => _limit - _held;

    /// <summary>Begins with what came behind the head.</summary>
    public void Begin(Passing passing, long limit)
    {
        _limit = limit;
        var response = passing.Response;
        var start = response.Position;
        var raw = response.Available;
        var block = NewBlock(response.Detach());
        block.Start = block.End = start;
        Add(passing, block, raw);
    }

    /// <summary>One read that does not wait.</summary>
    /// <returns>Bytes read, framing included; 0 at the end; a negative error.</returns>
    public int Fill(Passing passing, long most)
    {
        var block = _blocks.Count > 0 ? _blocks[^1] : null;
        if (block is null || block.End == block.Buffer.Length)
        {
            block = NewBlock(passing.Worker.RentBuffer());
        }
        var count = passing.Backend.TryRead(block.Buffer.AsSpan(block.End, (int)Math.Min(most, block.Buffer.Length - block.End)));
        if (count > 0)
        {
            passing.Attempt.BytesReceived += count;
            Add(passing, block, count);
        }
        return count;
    }

    private void Add(Passing passing, Block block, int raw)
    {
        var length = passing.Body.Decode(passing, block.Buffer.AsSpan(block.End, raw));
        block.End += length;
        _held += length;
    }

    private Block NewBlock(byte[] buffer)
    {
        var block = _spare.TryPop(out var spare) ? spare : new Block();
        block.Buffer = buffer;
        block.Start = block.End = 0;
        _blocks.Add(block);
        return block;
    }

    /// <summary>What is to be written next, either kind; it stays until <see cref="Written"/>.</summary>
    public bool TryNext(out ReadOnlyMemory<byte> memory, out int file, out long offset, out long length)
    {
        memory = default;
        (file, offset, length) = (-1, 0, 0);
        if (_fileStart < _fileEnd)
        {
            (file, offset, length) = (_file!.Descriptor, _fileStart, _fileEnd - _fileStart);
            _writingOfFile = length;
            return true;
        }
        if (_held == 0)
        {
            return false;
        }
        var block = _blocks[0];
        memory = block.Buffer.AsMemory(block.Start, block.End - block.Start);
        _writing = memory.Length;
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
                first.Start = first.End = 0;
                break;
            }
            Drop(worker, first);
        }
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
        if (_fileEnd >= passing.Settings.MaxTempFileSize || _held == _writing)
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
            var kept = index == 0 ? _writing : 0;
            var bytes = block.Buffer.AsSpan(block.Start + kept, block.End - block.Start - kept);
            if (!_file.Append(passing.Log, bytes))
            {
                failed = true;
                return false;
            }
            _fileEnd += bytes.Length;
            _held -= bytes.Length;
            block.End -= bytes.Length;
        }
        for (var index = _blocks.Count - 1; index > 0 || (index == 0 && _writing == 0); index--)
        {
            Drop(passing.Worker, _blocks[index]);
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
