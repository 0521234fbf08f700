namespace Countersign.Proxy;

/// <summary>
/// Gives back what a rush of connections has left behind, once every loop has been quiet for a moment: nobody waits then. The collector
/// itself would keep it until much more has come.
/// </summary>
internal sealed class IdleMemory(Loop loop) : LoopTimer
{
    private const int QuietMilliseconds = 500;
    private const long WorthIt = 16 * 1024 * 1024;

    private static int s_busyLoops;
    private static long s_allocated = GC.GetTotalAllocatedBytes();

    private bool _isBusy;

    /// <summary>The loop has had something to do.</summary>
    public void NoteTurn()
    {
        if (_isBusy)
        {
            return;
        }
        _isBusy = true;
        if (!IsRunning)
        {
            _ = Interlocked.Increment(ref s_busyLoops);
            loop.SetTimer(this, QuietMilliseconds);
        }
    }

    protected internal override void OnDue()
    {
        if (_isBusy)
        {
            _isBusy = false;
            loop.SetTimer(this, QuietMilliseconds);
        }
        else if (Interlocked.Decrement(ref s_busyLoops) == 0)
        {
            Collect();
        }
    }

    /// <summary>The loop ends.</summary>
    public void Stop()
    {
        if (IsRunning)
        {
            loop.CancelTimer(this);
            _ = Interlocked.Decrement(ref s_busyLoops);
        }
    }

    private static void Collect()
    {
        var allocated = GC.GetTotalAllocatedBytes();
        if (allocated - Interlocked.Read(ref s_allocated) >= WorthIt)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            Interlocked.Exchange(ref s_allocated, GC.GetTotalAllocatedBytes());
        }
    }
}
