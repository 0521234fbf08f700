using Countersign.Configuration;
using Countersign.Native;

namespace Countersign.Proxy;

/// <summary>worker_cpu_affinity and worker_priority: Linux has both for threads, as nginx has them for its processes.</summary>
public static class LoopPlacement
{
    /// <summary>What the process could run on before any loop was bound: where a loop goes that is bound no more.</summary>
    private static int[] s_everywhere = [];

    /// <summary>
    /// On the thread that starts the loops, first while it still is root: they have its priority, and may not be able to get it later.
    /// </summary>
    /// <param name="before">Null at the start.</param>
    public static void Prepare(MainPlan? before, MainPlan main, Action<LogLevel, string> report)
    {
        if (before is null)
        {
            s_everywhere = CurrentProcess.AllowedProcessors();
        }
        if (main.WorkerPriority != (before?.WorkerPriority ?? 0))
        {
            SetPriority(main.WorkerPriority, report);
        }
    }

    /// <summary>On a loop's thread, before its first turn.</summary>
    public static void Begin(int loop, MainPlan main, Action<LogLevel, string> report) =>
        Bind(main.WorkerCpuAffinity?.Of(loop), report);

    /// <summary>On a loop's thread that goes on under another plan.</summary>
    public static void Change(int loop, MainPlan before, MainPlan main, Action<LogLevel, string> report)
    {
        if (main.WorkerPriority != before.WorkerPriority)
        {
            SetPriority(main.WorkerPriority, report);
        }
        var (was, wanted) = (before.WorkerCpuAffinity?.Of(loop), main.WorkerCpuAffinity?.Of(loop));
        if (wanted is not null)
        {
            Bind(wanted, report);
        }
        else if (was is not null)
        {
            _ = CurrentProcess.BindThread(s_everywhere);
        }
    }

    private static void Bind(IReadOnlyList<int>? processors, Action<LogLevel, string> report)
    {
        if (processors is null)
        {
            return;
        }
        foreach (var processor in processors)
        {
            report(LogLevel.Notice, $"sched_setaffinity(): using cpu #{processor}");
        }
        if (CurrentProcess.BindThread([.. processors]) is var result and < 0)
        {
            report(LogLevel.Alert, $"sched_setaffinity() failed ({-result}: {Errno.Text(-result)})");
        }
    }

    private static void SetPriority(int priority, Action<LogLevel, string> report)
    {
        if (CurrentProcess.SetThreadPriority(priority) is var result and < 0)
        {
            report(LogLevel.Alert, $"setpriority({priority}) failed ({-result}: {Errno.Text(-result)})");
        }
    }
}
