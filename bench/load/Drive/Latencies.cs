namespace Countersign.Load.Drive;

/// <summary>How long operations took, each from the moment when it was to start: what had to wait for others has waited.</summary>
internal sealed class Latencies
{
    private readonly List<double> _microseconds = [];

    public void Add(TimeSpan time) => _microseconds.Add(time.TotalMicroseconds);

    public void Clear() => _microseconds.Clear();

    /// <summary>The least time that so many hundredths of the operations did not exceed, in microseconds; 0 when there were none.</summary>
    public double Percentile(int percent)
    {
        var sorted = _microseconds.Order().ToList();
        return sorted.Count == 0 ? 0 : sorted[(int)Math.Ceiling(sorted.Count * percent / 100.0) - 1];
    }
}
