using System.Runtime.CompilerServices;

namespace Countersign.Proxy;

/// <summary>
/// Awaited before a step that costs as much as many requests, such as one of a handshake. A few such steps are taken at the end of a
/// turn, in the order they came, so that a rush of newcomers does not hold up the requests of those who are in.
/// </summary>
internal sealed class HeavyWork : ICriticalNotifyCompletion
{
    // Of other events in a turn, about as many as cost the same as one step.
    private const int EventsPerStep = 8;

    private readonly Queue<Action> _waiting = new();

    public bool IsEmpty => _waiting.Count == 0;

    public bool IsCompleted => false;

    public HeavyWork GetAwaiter() => this;

    public void GetResult()
    {
    }

    public void OnCompleted(Action continuation) => UnsafeOnCompleted(continuation);

    public void UnsafeOnCompleted(Action continuation) => _waiting.Enqueue(continuation);

    /// <param name="events">How many the turn had: half of a busy loop's time is for newcomers.</param>
    public void Run(int events, Action<Exception> onFault)
    {
        for (var step = 0; step <= events / EventsPerStep && _waiting.TryDequeue(out var continuation); step++)
        {
            try
            {
                continuation();
            }
            catch (Exception fault)
            {
                onFault(fault);
            }
        }
    }
}
