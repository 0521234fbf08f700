using System.Globalization;

namespace Countersign.Load.Compare;

/// <summary>User and system time of each thread of some processes up to a moment, in nanoseconds.</summary>
internal sealed class ProcessorUse
{
    private const long NanosecondsPerTick = 10_000_000;

    private readonly Dictionary<int, long> _byThread = [];

    public ProcessorUse(IEnumerable<int> processes)
    {
        foreach (var thread in processes.SelectMany(process => Directory.EnumerateDirectories($"/proc/{process}/task")))
        {
            try
            {
                _byThread[int.Parse(Path.GetFileName(thread), CultureInfo.InvariantCulture)] = Nanoseconds(thread);
            }
            catch (IOException) when (!Directory.Exists(thread))
            {
                // A thread that has ended meanwhile was none that serves.
            }
        }
    }

    /// <summary>By threads, because a process's sum also falls when one ends.</summary>
    public TimeSpan Since(ProcessorUse earlier) =>
        TimeSpan.FromMicroseconds(_byThread.Sum(thread => thread.Value - earlier._byThread.GetValueOrDefault(thread.Key)) / 1000.0);

    private static long Nanoseconds(string thread)
    {
        // Kernels without scheduler information have the ticks only.
        var exact = Path.Combine(thread, "schedstat");
        if (File.Exists(exact))
        {
            return long.Parse(File.ReadAllText(exact).Split(' ')[0], CultureInfo.InvariantCulture);
        }
        var stat = File.ReadAllText(Path.Combine(thread, "stat"));
        // The name in parentheses may hold blanks; utime and stime are the 12th and 13th field behind it.
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) * NanosecondsPerTick;
    }
}
