using System.Text;

namespace Countersign.Testing;

/// <summary>A log somebody else writes: read from a remembered place, waited on with a bound.</summary>
public sealed class LogFile(string path)
{
    public string Path => path;

    public long Length => File.Exists(path) ? new FileInfo(path).Length : 0;

    /// <summary>Everything after <paramref name="from"/> bytes, one Latin-1 character a byte.</summary>
    public string Read(long from = 0)
    {
        if (!File.Exists(path))
        {
            return "";
        }

        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        file.Seek(Math.Min(from, file.Length), SeekOrigin.Begin);
        using var reader = new StreamReader(file, Encoding.Latin1);
        return reader.ReadToEnd();
    }

    /// <summary>Waits until a line with the text is there after <paramref name="from"/>, to its end, and returns all of that part.</summary>
    public Task<string> WaitFor(string text, long from = 0, TimeSpan? within = null) => Deadline.Until(
        // A line that is being written may be seen in part.
        () => Read(from) is var log && log.IndexOf(text, StringComparison.Ordinal) is var found and >= 0 && log.IndexOf('\n', found) >= 0 ? log : null,
        $"\"{text}\" in {path}",
        () => Read(from),
        within);
}
