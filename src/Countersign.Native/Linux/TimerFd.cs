namespace Countersign.Native;

/// <summary>Wakes a loop at a moment more exactly than the milliseconds of <see cref="Epoll.Wait"/>: add <see cref="Descriptor"/> to its <see cref="Epoll"/>.</summary>
public sealed unsafe class TimerFd : IDisposable
{
    private const long NanosecondsPerSecond = 1_000_000_000;

    private int _descriptor;

    /// <exception cref="NativeCallException">The kernel gave no descriptor.</exception>
    public TimerFd()
    {
        _descriptor = Errno.Of(NativePoll.TimerDescriptor(NativePoll.MonotonicClock, NativePoll.CloseOnExec | NativePoll.EventFdNonBlocking));
        NativeCallException.ThrowIfFailed(_descriptor, "timerfd_create()");
    }

    public int Descriptor => _descriptor;

    /// <summary>Replaces the moment that was set before.</summary>
    /// <param name="nanoseconds">Of the monotonic clock, more than 0; a moment that has passed wakes at once.</param>
    public void Set(long nanoseconds)
    {
        // struct itimerspec: the interval, none, then the first moment; each in seconds and nanoseconds, which are words of the processor.
        var moment = stackalloc nint[4] { 0, 0, (nint)(nanoseconds / NanosecondsPerSecond), (nint)(nanoseconds % NanosecondsPerSecond) };
        NativeCallException.ThrowIfFailed(Errno.Of(NativePoll.SetTimer(_descriptor, NativePoll.AbsoluteTime, moment, null)), "timerfd_settime()");
    }

    /// <summary>Takes the wake-up; false when there was none.</summary>
    public bool Drain()
    {
        ulong count;
        return NativeFile.Read(_descriptor, (byte*)&count, sizeof(ulong)) == sizeof(ulong);
    }

    public void Dispose()
    {
        if (_descriptor >= 0)
        {
            _ = NativeFile.Close(_descriptor);
            _descriptor = -1;
        }
    }
}
