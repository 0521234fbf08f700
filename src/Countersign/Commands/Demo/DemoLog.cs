using System.Text;

namespace Countersign.Commands.Demo;

/// <summary>A log of the gate, read a case at a time.</summary>
internal sealed class DemoLog(string path, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private long _read;

    /// <summary>The lines since the last call. With a fragment it waits a while for a line with it: an alert is sent before its line is written.</summary>
    public async Task<IReadOnlyList<string>> TakeLines(string? fragment, CancellationToken cancellation)
    {
        var start = time.GetTimestamp();
        var lines = new List<string>();
        while (true)
        {
            lines.AddRange(TakeWritten());
            if (fragment is null || lines.Exists(line => line.Contains(fragment, StringComparison.Ordinal)) || time.GetElapsedTime(start) > Patience)
            {
                return lines;
            }
            await Task.Delay(Pause, time, cancellation);
        }
    }

    /// <summary>Whole lines only; the rest of a half-written one comes with the next.</summary>
    private string[] TakeWritten()
    {
        if (!File.Exists(path))
        {
            return [];
        }
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        file.Seek(_read, SeekOrigin.Begin);
        var bytes = new byte[file.Length - _read];
        var count = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        var end = bytes.AsSpan(0, count).LastIndexOf((byte)'\n') + 1;
        _read += end;
        return Encoding.UTF8.GetString(bytes, 0, end).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
