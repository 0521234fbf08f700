using System.Runtime.CompilerServices;

namespace Countersign.Proxy.Watch;

/// <summary>Awaits that a <see cref="TrustBook"/> has been read, and goes on on the loop that awaits.</summary>
public readonly struct TrustReading(TrustBook book, Loop loop) : ICriticalNotifyCompletion
{
    public bool IsCompleted => book.IsRead;

    public TrustReading GetAwaiter() => this;

    /// <exception cref="InvalidOperationException">It could not be read.</exception>
    public void GetResult() => book.ThrowIfUnread();

    public void OnCompleted(Action continuation) => UnsafeOnCompleted(continuation);

    public void UnsafeOnCompleted(Action continuation)
    {
        var goesOn = loop;
        book.Begin(() => goesOn.Post(continuation));
    }
}
