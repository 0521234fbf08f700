namespace Countersign.Native;

/// <summary>The processor time of another process: user and system, of all its threads, those that have ended too.</summary>
public static unsafe class ProcessClock
{
    private const long NanosecondsPerSecond = 1_000_000_000;

    /// <exception cref="NativeCallException">There is no such process.</exception>
    public static long Nanoseconds(int process)
    {
        int clock;
        // It returns its error instead of setting errno.
        NativeCallException.ThrowIfFailed(-NativeProcess.ClockOf(process, &clock), "clock_getcpuclockid()");
        var time = stackalloc nint[2];
        NativeCallException.ThrowIfFailed(Errno.Of(NativeProcess.ReadClock(clock, time)), "clock_gettime()");
        return time[0] * NanosecondsPerSecond + time[1];
    }
}
