using System.Globalization;
using System.Text;
using Countersign.Configuration;
using Countersign.Native;

namespace Countersign.Commands.Serve;

/// <summary>The file that <c>-s</c>, init scripts and logrotate read.</summary>
internal sealed class PidFile : IDisposable
{
    private readonly string _path;
    private readonly int _descriptor;

    private PidFile(string path, int descriptor)
    {
        _path = path;
        _descriptor = descriptor;
    }

    /// <returns>nginx's sentence when it cannot be written, otherwise null.</returns>
    public static string? Write(string planPath, out PidFile? file)
    {
        var path = ByteText.ToUnicode(planPath);
        file = null;
        var descriptor = FileDescriptor.Open(path, OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Truncate);
        if (descriptor < 0)
        {
            return Failure("open", path, descriptor);
        }
        var written = FileDescriptor.Write(descriptor, Encoding.ASCII.GetBytes($"{Environment.ProcessId}\n"));
        if (written < 0)
        {
            _ = FileDescriptor.Close(descriptor);
            return Failure("pwrite", path, written);
        }
        file = new PidFile(path, descriptor);
        return null;
    }

    /// <summary><c>-t</c>: whether it could be written. One that is there keeps what is in it, and none stays behind.</summary>
    public static string? Test(string planPath)
    {
        var path = ByteText.ToUnicode(planPath);
        var descriptor = FileDescriptor.Open(path, OpenFlags.WriteOnly);
        var isNew = descriptor == -Errno.NoEntry;
        if (isNew)
        {
            descriptor = FileDescriptor.Open(path, OpenFlags.WriteOnly | OpenFlags.Create);
        }
        if (descriptor < 0)
        {
            return Failure("open", path, descriptor);
        }
        _ = FileDescriptor.Close(descriptor);
        if (isNew)
        {
            _ = FileDescriptor.Unlink(path);
        }
        return null;
    }

    public bool Is(string planPath) => ByteText.ToUnicode(planPath) == _path;

    /// <summary>The process in the file, or nginx's sentence why there is none.</summary>
    public static string? Read(string planPath, out int process)
    {
        var path = ByteText.ToUnicode(planPath);
        process = 0;
        var descriptor = FileDescriptor.Open(path, OpenFlags.ReadOnly);
        if (descriptor < 0)
        {
            return Failure("open", path, descriptor);
        }
        Span<byte> bytes = stackalloc byte[22];
        var count = FileDescriptor.Read(descriptor, bytes);
        _ = FileDescriptor.Close(descriptor);
        if (count < 0)
        {
            return Failure("read", path, count);
        }
        var text = Encoding.Latin1.GetString(bytes[..count]).TrimEnd('\r', '\n');
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out process)
            ? null
            : $"invalid PID number \"{text}\" in \"{path}\"";
    }

    /// <summary>A folder that only root may change keeps the name of the file; then at least nobody is signalled by it any more.</summary>
    public void Dispose()
    {
        if (FileDescriptor.Unlink(_path) < 0)
        {
            _ = FileDescriptor.Truncate(_descriptor, 0);
        }
        _ = FileDescriptor.Close(_descriptor);
    }

    private static string Failure(string call, string path, int result) => $"{call}() \"{path}\" failed ({-result}: {Errno.Text(-result)})";
}
