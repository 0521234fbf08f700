using Countersign.Configuration;
using Countersign.Native;

namespace Countersign.Proxy.Watch;

/// <summary>
/// One log file, written by every loop: whole lines, appended by the kernel. A full disk loses lines and nothing else.
/// </summary>
public sealed class LogFile : IDisposable
{
    private const int StandardError = 2;
    private const OpenFlags Flags = OpenFlags.WriteOnly | OpenFlags.Append | OpenFlags.Create;

    private readonly Lock _lock = new();
    private int _descriptor;
    private byte[]? _buffer;
    private int _used;

    private LogFile(string path, int descriptor)
    {
        Path = path;
        _descriptor = descriptor;
    }

    /// <summary>As the file system reads it.</summary>
    public string Path { get; }

    public bool IsStandardError => _descriptor == StandardError;

    /// <exception cref="LogException">with nginx's text.</exception>
    internal static LogFile Open(string path)
    {
        if (path == "stderr")
        {
            return new LogFile(path, StandardError);
        }
        var name = ByteText.ToUnicode(path);
        var descriptor = FileDescriptor.Open(name, Flags);
        return descriptor >= 0
            ? new LogFile(name, descriptor)
            : throw new LogException($"open() \"{name}\" failed ({-descriptor}: {Errno.Text(-descriptor)})");
    }

    public bool IsClosed => _descriptor < 0;

    /// <summary>flush=: how long a line may wait in the buffer; null for as long as the buffer has room.</summary>
    public TimeSpan? FlushAfter { get; private set; }

    /// <summary>Lines are gathered until there are that many bytes of them; 0 writes each at once. The latest plan decides.</summary>
    public void Gather(int size, TimeSpan? flushAfter)
    {
        lock (_lock)
        {
            FlushAfter = flushAfter;
            if (size != (_buffer?.Length ?? 0))
            {
                _ = FlushLocked();
                _buffer = size > 0 ? new byte[size] : null;
            }
        }
    }

    /// <inheritdoc cref="Write(ReadOnlySpan{byte}, out bool)"/>
    public int Write(ReadOnlySpan<byte> line) => Write(line, out _);

    /// <param name="begins">The line is the first in the buffer.</param>
    /// <returns>0, a negative error number, or how much of it was written.</returns>
    public int Write(ReadOnlySpan<byte> line, out bool begins)
    {
        begins = false;
        lock (_lock)
        {
            if (_buffer is { } buffer)
            {
                var result = line.Length > buffer.Length - _used ? FlushLocked() : 0;
                if (line.Length <= buffer.Length)
                {
                    begins = _used == 0;
                    line.CopyTo(buffer.AsSpan(_used));
                    _used += line.Length;
                    return result;
                }
            }
            return WriteLocked(line);
        }
    }

    public void Flush()
    {
        lock (_lock)
        {
            _ = FlushLocked();
        }
    }

    /// <summary>What a dying process says is found here; to be asked again after every <see cref="Reopen"/>.</summary>
    public void BecomeStandardError()
    {
        lock (_lock)
        {
            _ = FileDescriptor.BecomeStandardError(_descriptor);
        }
    }

    internal void Reopen(Action<string> report)
    {
        if (IsStandardError)
        {
            return;
        }
        var descriptor = FileDescriptor.Open(Path, Flags);
        if (descriptor < 0)
        {
            report($"open() \"{Path}\" failed ({-descriptor}: {Errno.Text(-descriptor)})");
            return;
        }
        lock (_lock)
        {
            _ = FlushLocked();
            _ = FileDescriptor.Close(_descriptor);
            _descriptor = descriptor;
        }
    }

    private int FlushLocked()
    {
        var used = _used;
        _used = 0;
        return used > 0 ? WriteLocked(_buffer.AsSpan(0, used)) : 0;
    }

    private int WriteLocked(ReadOnlySpan<byte> bytes)
    {
        var written = FileDescriptor.Write(_descriptor, bytes);
        return written == bytes.Length ? 0 : written;
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _ = FlushLocked();
            if (!IsStandardError && _descriptor >= 0)
            {
                _ = FileDescriptor.Close(_descriptor);
            }
            _descriptor = -1;
        }
    }
}
