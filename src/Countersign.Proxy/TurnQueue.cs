using System.Runtime.CompilerServices;

namespace Countersign.Proxy;

/// <summary>Awaited by whoever goes on at a later place of a loop's turn, in the order they came.</summary>
internal abstract class TurnQueue : ICriticalNotifyCompletion
{
    private readonly Queue<Action> _waiting = new();

    public int Count => _waiting.Count;

    /// <summary>Whoever asks need not wait.</summary>
    public virtual bool IsCompleted => false;

    public TurnQueue GetAwaiter() => this;

    public void GetResult()
    {
    }

    public void OnCompleted(Action continuation) => UnsafeOnCompleted(continuation);

    public void UnsafeOnCompleted(Action continuation) => _waiting.Enqueue(continuation);

    protected void RunFirst(Action<Exception> onFault)
    {
        try
        {
            _waiting.Dequeue()();
        }
        catch (Exception fault)
        {
            onFault(fault);
        }
    }
}
