namespace Countersign.Native;

/// <summary>
/// Sessions that nobody needs any more, each for the thread that made it to free. The C library has memory by thread, under a lock: whoever frees a
/// session and its certificate, some hundred pieces, for another thread holds up all that one does meanwhile. Used under the lock of whoever keeps sessions.
/// </summary>
internal sealed class TlsSessionReturns
{
    // Where a thread does not come for its own, others free them.
    private const int Most = 32;

    private readonly Dictionary<int, List<TlsSession>> _byThread = [];

    public void Add(TlsSession session)
    {
        var own = Of(session.Thread);
        (own.Count < Most ? own : Of(Environment.CurrentManagedThreadId)).Add(session);
    }

    /// <summary>Those of the calling thread are the caller's from now on.</summary>
    public void Take(List<TlsSession> into)
    {
        var own = Of(Environment.CurrentManagedThreadId);
        into.AddRange(own);
        own.Clear();
    }

    /// <summary>All of them, for an end at which no thread comes any more.</summary>
    public void Free()
    {
        foreach (var session in _byThread.Values.SelectMany(sessions => sessions))
        {
            session.Dispose();
        }
        _byThread.Clear();
    }

    private List<TlsSession> Of(int thread) => _byThread.TryGetValue(thread, out var known) ? known : _byThread[thread] = [];
}
