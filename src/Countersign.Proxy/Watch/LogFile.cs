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
    private bool _flushIsDue;

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

    /// <summary>Lines are gathered until there are that many bytes of them. The first to ask decides.</summary>
    public void BufferUpTo(int bytes)
    {
        lock (_lock)
        {
            _buffer ??= new byte[bytes];
        }
    }

    /// <returns>0, or a negative error number.</returns>
    public int Write(ReadOnlySpan<byte> line)
    {
        lock (_lock)
        {
            if (_buffer is { } buffer)
            {
                if (line.Length > buffer.Length - _used)
                {
                    FlushLocked();
                }
                if (line.Length <= buffer.Length)
                {
                    line.CopyTo(buffer.AsSpan(_used));
                    _used += line.Length;
                    return 0;
                }
            }
            return WriteLocked(line);
        }
    }

    /// <summary>True for the first to ask since lines were gathered: it sees to it that they are flushed in time.</summary>
    public bool TakeFlushDuty()
    {
        lock (_lock)
        {
            var mine = _used > 0 && !_flushIsDue;
            _flushIsDue |= mine;
            return mine;
        }
    }

    public void Flush()
    {
        lock (_lock)
        {
            FlushLocked();
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
            FlushLocked();
            _ = FileDescriptor.Close(_descriptor);
            _descriptor = descriptor;
        }
    }

    private void FlushLocked()
    {
        _flushIsDue = false;
        if (_used > 0)
        {
            _ = WriteLocked(_buffer.AsSpan(0, _used));
            _used = 0;
        }
    }

    private int WriteLocked(ReadOnlySpan<byte> bytes)
    {
        var written = FileDescriptor.Write(_descriptor, bytes);
        return written < 0 ? written : 0;
    }

    public void Dispose()
    {
        lock (_lock)
        {
            FlushLocked();
            if (!IsStandardError && _descriptor >= 0)
            {
                _ = FileDescriptor.Close(_descriptor);
            }
            _descriptor = -1;
        }
    }
}
