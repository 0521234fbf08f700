using Countersign.Configuration;
using Countersign.Native;

namespace Countersign.Proxy.Watch;

/// <summary>
/// One log file, written by every loop: whole lines, appended by the kernel. A full disk loses lines and nothing else. Whoever writes waits for
/// no other thread: a new file takes over the old one's descriptor, each loop gathers lines for itself, and the last to write to a closed file closes it.
/// </summary>
public sealed class LogFile : IDisposable
{
    private const string StandardErrorName = "stderr";
    private const int StandardError = 2;
    private const OpenFlags Flags = OpenFlags.WriteOnly | OpenFlags.Append | OpenFlags.Create;

    /// <summary>For whoever changes or empties the buffers of all loops; those who write do not meet it.</summary>
    private readonly Lock _gathering = new();
    private readonly int _descriptor;
    private volatile LogBuffers _buffers = LogBuffers.None;
    private volatile bool _isClosed;
    /// <summary>The owner, and whoever is writing.</summary>
    private int _users = 1;

    private LogFile(string path, int descriptor)
    {
        Path = path;
        _descriptor = descriptor;
    }

    /// <summary>As the file system reads it.</summary>
    public string Path { get; }

    public bool IsStandardError => Path == StandardErrorName;

    public bool IsClosed => _isClosed;

    /// <summary>flush=: how long a line may wait in a buffer; null for as long as the buffer has room.</summary>
    public TimeSpan? FlushAfter => _buffers.FlushAfter;

    /// <exception cref="LogException">with nginx's text.</exception>
    internal static LogFile Open(string path)
    {
        if (path == StandardErrorName)
        {
            return new LogFile(path, StandardError);
        }
        var name = ByteText.ToUnicode(path);
        var descriptor = FileDescriptor.Open(name, Flags);
        return descriptor >= 0
            ? new LogFile(name, descriptor)
            : throw new LogException($"open() \"{name}\" failed ({-descriptor}: {Errno.Text(-descriptor)})");
    }

    /// <summary>Loops gather lines from now on as that says; the latest plan decides.</summary>
    internal void Gather(LogBuffers buffers)
    {
        lock (_gathering)
        {
            var old = _buffers;
            if (!old.IsLike(buffers))
            {
                _buffers = buffers;
                old.End(this);
            }
        }
    }

    /// <summary>At once, before what loops have gathered.</summary>
    /// <returns>0, a negative error number, or how much of it was written.</returns>
    public int Write(ReadOnlySpan<byte> line)
    {
        if (!TryUse())
        {
            return -Errno.BadDescriptor;
        }
        var written = FileDescriptor.Write(_descriptor, line);
        Leave();
        return written == line.Length ? 0 : written;
    }

    /// <summary>Behind what the loop has gathered.</summary>
    /// <param name="begins">The line is the first in the loop's buffer.</param>
    /// <inheritdoc cref="Write(ReadOnlySpan{byte})"/>
    public int Write(ReadOnlySpan<byte> line, int loop, out bool begins) => _buffers.Write(this, line, loop, out begins);

    /// <summary>Writes what one loop has gathered.</summary>
    public void Flush(int loop) => _buffers.Flush(this, loop);

    /// <summary>Writes what all of them have gathered.</summary>
    public void Flush()
    {
        lock (_gathering)
        {
            _buffers.Flush(this);
        }
    }

    /// <summary>What a dying process says is found here; to be asked again after every <see cref="Reopen"/>.</summary>
    public void BecomeStandardError() => _ = FileDescriptor.BecomeStandardError(_descriptor);

    internal void Reopen(Action<string> report)
    {
        if (IsStandardError)
        {
            return;
        }
        var descriptor = FileDescriptor.Open(Path, Flags);
        if (descriptor >= 0)
        {
            Flush();
            descriptor = FileDescriptor.Replace(_descriptor, descriptor);
        }
        if (descriptor < 0)
        {
            report($"open() \"{Path}\" failed ({-descriptor}: {Errno.Text(-descriptor)})");
        }
    }

    public void Dispose()
    {
        Gather(LogBuffers.None);
        if (!_isClosed)
        {
            _isClosed = true;
            Leave();
        }
    }

    /// <summary>The descriptor's number is not another file's until <see cref="Leave"/>.</summary>
    /// <returns>False when the file is closed.</returns>
    private bool TryUse()
    {
        for (var users = Volatile.Read(ref _users); users > 0;)
        {
            var found = Interlocked.CompareExchange(ref _users, users + 1, users);
            if (found == users)
            {
                return true;
            }
            users = found;
        }
        return false;
    }

    private void Leave()
    {
        if (Interlocked.Decrement(ref _users) == 0 && !IsStandardError)
        {
            _ = FileDescriptor.Close(_descriptor);
        }
    }
}
