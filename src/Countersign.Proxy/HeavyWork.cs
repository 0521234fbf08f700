namespace Countersign.Proxy;

/// <summary>
/// Awaited before a step that costs as much as many requests, such as one of a handshake. A few such steps are taken at the end of a
/// turn, in the order they came, so that a rush of newcomers does not hold up the requests of those who are in.
/// </summary>
internal sealed class HeavyWork(TimeProvider time) : TurnQueue
{
    // Those who are in hardly notice it, and one look for their events is spread over some steps.
    private static readonly TimeSpan Least = TimeSpan.FromMicroseconds(500);

    /// <summary>Takes steps that waited before, for as long as the turn's events took: half of a busy loop's time is for newcomers.</summary>
    public void Run(TimeSpan events, Action<Exception> onFault)
    {
        var most = events > Least ? events : Least;
        var began = time.GetTimestamp();
        for (var waiting = Count; waiting > 0; waiting--)
        {
            RunFirst(onFault);
            if (waiting > 1 && time.GetElapsedTime(began) >= most)
            {
                return;
            }
        }
    }
}
