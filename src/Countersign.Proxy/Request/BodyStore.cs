using Countersign.Configuration;
using Countersign.Native;

namespace Countersign.Proxy.Request;

/// <summary>A body that has been read: in memory of a bounded size, and past that in a temporary file.</summary>
internal sealed class BodyStore
{
    private byte[]? _memory;
    private int _capacity;
    private int _used;
    private BodyFile? _file;

    /// <summary>Bytes kept, in memory and file together.</summary>
    public long Length { get; private set; }

    /// <summary>All of it when it is in memory, otherwise null bytes.</summary>
    public Bytes InMemory => _file is null && Length > 0 ? new Bytes(_memory!, 0, (int)Length) : default;

    /// <summary>Path of the temporary file, or null.</summary>
    public string? File => _file?.Path;

    /// <summary>Where the next bytes go; <see cref="Take"/> says how many came.</summary>
    public Memory<byte> Free => _memory.AsMemory(_used, _capacity - _used);

    public bool IsFull => _used == _capacity;

    public void Begin() => Length = _used = _capacity = 0;

    public void Open(Worker worker, int capacity)
    {
        _memory = capacity <= Worker.BufferSize ? worker.RentBuffer() : new byte[capacity];
        _capacity = capacity;
    }

    public void Take(int count)
    {
        _used += count;
        Length += count;
    }

    /// <summary>Moves what is in memory to the end of the file, which it makes at the first time.</summary>
    /// <returns>False when the disk fails; logged.</returns>
    public bool Spill(ConnectionLog log, CoreSettings core)
    {
        if (_file is null)
        {
            _file = BodyFile.Create(log, core.ClientBodyTempPath, core.ClientBodyInFileOnly);
            if (_file is null)
            {
                return false;
            }
            if (_used == 0)
            {
                return true;
            }
            log.Write(core.ClientBodyInFileOnly == ClientBodyInFileOnly.Off ? LogLevel.Warn : LogLevel.Notice,
                $"a client request body is buffered to a temporary file {_file.Path}");
        }
        var bytes = _memory.AsSpan(0, _used);
        _used = 0;
        return _file.Append(log, bytes);
    }

    /// <returns>Count; 0 at the end; negative errno on a failing disk.</returns>
    public int Read(long offset, Span<byte> buffer)
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

    public void Release(Worker worker)
    {
        if (_memory is { } memory)
        {
            worker.Return(memory);
            _memory = null;
        }
        _file?.Dispose();
        _file = null;
    }
}
