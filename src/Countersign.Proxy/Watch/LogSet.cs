namespace Countersign.Proxy.Watch;

/// <summary>The log files of one plan: each stays open until the last plan that names it has ended.</summary>
public sealed class LogSet(LogFiles files) : IDisposable
{
    private readonly Dictionary<string, LogFile> _mine = new(StringComparer.Ordinal);

    /// <inheritdoc cref="LogFiles.Open"/>
    public LogFile Open(string path)
    {
        if (!_mine.TryGetValue(path, out var file))
        {
            _mine.Add(path, file = files.Open(path));
        }
        return file;
    }

    public void Dispose()
    {
        foreach (var path in _mine.Keys)
        {
            files.Close(path);
        }
        _mine.Clear();
    }
}
