using Countersign.Configuration;
using Countersign.Native;

namespace Countersign.Commands.Serve;

/// <summary>How many descriptors the process may have.</summary>
internal static class OpenFiles
{
    /// <summary>worker_rlimit_nofile; without it as many for each loop as the limit gives a process, if the system allows.</summary>
    public static void Raise(MainPlan main, Action<LogLevel, string> report)
    {
        if (CurrentProcess.OpenFileLimit(out var current, out var maximum) < 0)
        {
            return;
        }
        // nginx has the limit for each worker process; ours has to do for all loops.
        var loops = (ulong)(main.WorkerProcesses > 0 ? main.WorkerProcesses : Environment.ProcessorCount);
        var result = main.WorkerRlimitNofile is { } wanted
            ? Set((ulong)wanted, loops, maximum)
            : CurrentProcess.SetOpenFileLimit(current > maximum / loops ? maximum : current * loops, maximum);
        if (result < 0)
        {
            report(LogLevel.Alert, $"setrlimit(RLIMIT_NOFILE, {main.WorkerRlimitNofile}) failed ({-result}: {Errno.Text(-result)})");
        }
    }

    /// <summary>Only root gets more than the system allows the process; without root, what is allowed will do if it would for one loop.</summary>
    private static int Set(ulong wanted, ulong loops, ulong maximum)
    {
        var result = CurrentProcess.SetOpenFileLimit(wanted * loops, Math.Max(maximum, wanted * loops));
        return result < 0 && wanted <= maximum ? CurrentProcess.SetOpenFileLimit(maximum, maximum) : result;
    }
}
