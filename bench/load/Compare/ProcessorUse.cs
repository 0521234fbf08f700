namespace Countersign.Load.Compare;

/// <summary>User and system time of some processes up to a moment, to the nanosecond. It has that of ended threads in it: some servers have a thread for each connection.</summary>
internal sealed class ProcessorUse(IEnumerable<int> processes)
{
    private readonly Dictionary<int, long> _nanoseconds = processes.ToDictionary(process => process, Native.ProcessClock.Nanoseconds);

    public TimeSpan Since(ProcessorUse earlier) =>
        TimeSpan.FromMicroseconds(_nanoseconds.Sum(process => process.Value - earlier._nanoseconds.GetValueOrDefault(process.Key)) / 1000.0);
}
