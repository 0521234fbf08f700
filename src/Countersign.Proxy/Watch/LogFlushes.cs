namespace Countersign.Proxy.Watch;

/// <summary>flush= of buffered logs: whoever writes the first line into an empty buffer sees to it that it does not stay there.</summary>
public sealed class LogFlushes(Loop loop)
{
    private readonly Dictionary<LogFile, Timer> _timers = [];

    public void Start(LogFile file, TimeSpan after)
    {
        if (!_timers.TryGetValue(file, out var timer))
        {
            // Files of plans that have been replaced.
            foreach (var closed in _timers.Keys.Where(other => other.IsClosed).ToArray())
            {
                loop.CancelTimer(_timers[closed]);
                _timers.Remove(closed);
            }
            _timers.Add(file, timer = new Timer(file, loop.Number));
        }
        if (!timer.IsRunning)
        {
            loop.SetTimer(timer, (long)after.TotalMilliseconds);
        }
    }

    /// <summary>The loop ends: what waits for its timers would stay in the buffers.</summary>
    public void FlushAll()
    {
        foreach (var file in _timers.Keys)
        {
            file.Flush(loop.Number);
        }
    }

    private sealed class Timer(LogFile file, int loop) : LoopTimer
    {
        protected internal override void OnDue() => file.Flush(loop);
    }
}
