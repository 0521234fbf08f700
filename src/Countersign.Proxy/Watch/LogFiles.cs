using System.Collections.Concurrent;
using Countersign.Configuration;
using Countersign.Native;

namespace Countersign.Proxy.Watch;

/// <summary>A log could not be opened; the message is nginx's.</summary>
public sealed class LogException(string message) : Exception(message);

/// <summary>Every log file that is open, by path: servers, locations and generations that name the same file share it.</summary>
public sealed class LogFiles : IDisposable
{
    private readonly Lock _lock = new();
    /// <summary>Looked up without the lock, which is for those who change it.</summary>
    private readonly ConcurrentDictionary<string, LogFile> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _users = new(StringComparer.Ordinal);

    /// <summary>To be undone by <see cref="Close"/>, once for each time; see <see cref="LogSet"/>.</summary>
    /// <param name="path">Latin-1 in disguise, absolute; or <c>stderr</c>.</param>
    /// <exception cref="LogException">with nginx's text.</exception>
    public LogFile Open(string path)
    {
        lock (_lock)
        {
            if (!_files.TryGetValue(path, out var file))
            {
                file = _files[path] = LogFile.Open(path);
            }
            _users[path] = _users.GetValueOrDefault(path) + 1;
            return file;
        }
    }

    /// <summary>One user fewer: what is in the buffer is written, as nginx's worker does at its end, and after the last one the file closed.</summary>
    public void Close(string path)
    {
        lock (_lock)
        {
            var file = _files[path];
            if (--_users[path] > 0)
            {
                file.Flush();
                return;
            }
            _files.TryRemove(path, out _);
            _users.Remove(path);
            file.Dispose();
        }
    }

    /// <summary>The file when it is open already, otherwise null.</summary>
    public LogFile? Find(string path) => _files.GetValueOrDefault(path);

    /// <summary>USR1: other names may have been given to the files; new ones are made in their place.</summary>
    public void Reopen(Action<string> report)
    {
        lock (_lock)
        {
            foreach (var file in _files.Values)
            {
                file.Reopen(report);
            }
        }
    }

    /// <summary>Gives the files to the user the gate runs as, so that it can open them again.</summary>
    public void ChangeOwner(uint user, uint group)
    {
        lock (_lock)
        {
            foreach (var file in _files.Values.Where(file => !file.IsStandardError))
            {
                _ = FileDescriptor.ChangeOwner(file.Path, user, group);
            }
        }
    }

    public void Flush()
    {
        lock (_lock)
        {
            foreach (var file in _files.Values)
            {
                file.Flush();
            }
        }
    }

    public void Dispose()
    {
        Flush();
        lock (_lock)
        {
            foreach (var file in _files.Values)
            {
                file.Dispose();
            }
            _files.Clear();
        }
    }
}
