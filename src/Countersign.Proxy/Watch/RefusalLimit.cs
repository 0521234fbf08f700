using Countersign.Configuration;

namespace Countersign.Proxy.Watch;

/// <summary>refusal_log_limit: how many refusals of one second are written down, and how many were not. Any thread.</summary>
internal sealed class RefusalLimit
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, LeftOut> _leftOut = new(StringComparer.Ordinal);
    private long _second = long.MinValue;
    private int _taken;

    public int PerSecond { get; set; } = 100;

    /// <param name="log">Where it would have been written; counts there when it is not.</param>
    /// <param name="isFirst">The first that is left out since <see cref="TakeLeftOut"/>: somebody has to tell.</param>
    public bool TryTake(long second, bool hasRoom, RefusalLogPlan? log, out bool isFirst)
    {
        lock (_lock)
        {
            if (second != _second)
            {
                _second = second;
                _taken = 0;
            }
            isFirst = false;
            if (hasRoom && _taken < PerSecond)
            {
                _taken++;
                return true;
            }
            LeaveOut(log, out isFirst);
            return false;
        }
    }

    /// <summary>Whether this second has had its refusals; one more is counted then.</summary>
    public bool IsFull(long second, RefusalLogPlan? log, out bool isFirst)
    {
        lock (_lock)
        {
            isFirst = false;
            if (second != _second || _taken < PerSecond)
            {
                return false;
            }
            LeaveOut(log, out isFirst);
            return true;
        }
    }

    /// <summary>How many were left out, by log, since this was asked last.</summary>
    public IReadOnlyList<LeftOut> TakeLeftOut()
    {
        lock (_lock)
        {
            var all = _leftOut.Values.ToList();
            _leftOut.Clear();
            return all;
        }
    }

    private void LeaveOut(RefusalLogPlan? log, out bool isFirst)
    {
        isFirst = _leftOut.Count == 0;
        var path = log?.Path ?? "";
        _leftOut[path] = new LeftOut(log, _leftOut.GetValueOrDefault(path).Count + 1);
    }
}

/// <param name="Log">Null for refusals that no log has.</param>
internal readonly record struct LeftOut(RefusalLogPlan? Log, int Count);
