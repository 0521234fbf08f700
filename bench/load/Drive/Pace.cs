using System.Diagnostics;

namespace Countersign.Load.Drive;

/// <summary>When operations are to start: at a rate, whether the earlier ones have ended or not; or as soon as a client is free.</summary>
/// <param name="perSecond">0 for no rate.</param>
internal sealed class Pace(int perSecond)
{
    private long _started;
    private long _count;

    public bool HasRate => perSecond > 0;

    /// <summary>When the next one is to start, by <see cref="Stopwatch"/>.</summary>
    public long Next => HasRate ? _started + _count * Stopwatch.Frequency / perSecond : 0;

    public bool IsDue => !HasRate || Stopwatch.GetTimestamp() >= Next;

    public void Restart() => (_started, _count) = (Stopwatch.GetTimestamp(), 0);

    /// <summary>The moment the one that is started now was to start.</summary>
    public long Take()
    {
        var intended = Next;
        _count++;
        return intended;
    }
}
