using System.Runtime.CompilerServices;

namespace Countersign.Proxy;

/// <summary>
/// Awaits one direction of a socket, or the end of a time, on the loop's own thread. One object serves a channel's direction for its
/// whole life; awaiting allocates nothing of its own.
/// </summary>
internal sealed class Readiness(Loop loop) : LoopTimer, ICriticalNotifyCompletion, IChannelObserver
{
    private Action? _continuation;
    private bool _ready;
    private long _milliseconds;

    /// <param name="milliseconds">Negative waits without limit.</param>
    public Readiness Within(long milliseconds)
    {
        _ready = false;
        _milliseconds = milliseconds;
        return this;
    }

    public Readiness GetAwaiter() => this;

    public bool IsCompleted => false;

    /// <returns>False when the time ended first.</returns>
    public bool GetResult() => _ready;

    public void OnCompleted(Action continuation) => UnsafeOnCompleted(continuation);

    public void UnsafeOnCompleted(Action continuation)
    {
        if (_continuation is not null)
        {
            throw new InvalidOperationException("One direction of a channel has one reader of its readiness.");
        }
        _continuation = continuation;
        if (_milliseconds >= 0)
        {
            loop.SetTimer(this, _milliseconds);
        }
    }

    /// <summary>Goes on with whoever waits; an edge that nobody waits for is dropped, since every wait follows a try.</summary>
    public void Signal() => Continue(true);

    void IChannelObserver.OnEvent() => Continue(true);

    protected internal override void OnDue() => Continue(false);

    private void Continue(bool ready)
    {
        if (_continuation is not { } continuation)
        {
            return;
        }
        _continuation = null;
        _ready = ready;
        loop.CancelTimer(this);
        continuation();
    }
}
