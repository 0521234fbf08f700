using System.Globalization;
using Countersign.Configuration;
using Countersign.Native;

namespace Countersign.Commands.Serve;

/// <summary>The file that <c>-s</c>, init scripts and logrotate read.</summary>
internal sealed class PidFile : IDisposable
{
    private readonly string _path;

    private PidFile(string path) => _path = path;

    /// <returns>nginx's sentence when it cannot be written, otherwise null.</returns>
    public static string? Write(string planPath, out PidFile? file)
    {
        var path = ByteText.ToUnicode(planPath);
        file = null;
        var descriptor = FileDescriptor.Open(path, OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Truncate);
        if (descriptor < 0)
        {
            return $"open() \"{path}\" failed ({-descriptor}: {Errno.Text(-descriptor)})";
        }
        var written = FileDescriptor.Write(descriptor, System.Text.Encoding.ASCII.GetBytes($"{Environment.ProcessId}\n"));
        _ = FileDescriptor.Close(descriptor);
        if (written < 0)
        {
            return $"write() \"{path}\" failed ({-written}: {Errno.Text(-written)})";
        }
        file = new PidFile(path);
        return null;
    }

    public bool Is(string planPath) => ByteText.ToUnicode(planPath) == _path;

    /// <summary>The process in the file, or nginx's sentence why there is none.</summary>
    public static string? Read(string planPath, out int process)
    {
        var path = ByteText.ToUnicode(planPath);
        process = 0;
        string text;
        try
        {
            text = File.ReadAllText(path).Trim();
        }
        catch (FileNotFoundException)
        {
            return $"open() \"{path}\" failed ({Errno.NoEntry}: {Errno.Text(Errno.NoEntry)})";
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return $"open() \"{path}\" failed: {fault.Message}";
        }
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out process) && process > 0
            ? null
            : $"invalid PID number \"{text}\" in \"{path}\"";
    }

    public void Dispose() => _ = FileDescriptor.Unlink(_path);
}
