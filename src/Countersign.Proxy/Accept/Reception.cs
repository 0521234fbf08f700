using Countersign.Native;

namespace Countersign.Proxy.Accept;

/// <summary>Clients that other loops have accepted for this one, which has fewer (<see cref="FairShare"/>).</summary>
public sealed class Reception : IDisposable
{
    private readonly Worker _worker;
    private readonly Action _welcome;
    private readonly Lock _door = new();
    private readonly Queue<Newcomer> _waiting = new();
    private int _count;
    private bool _isClosed;

    internal Reception(Worker worker)
    {
        _worker = worker;
        _welcome = Welcome;
    }

    /// <summary>How many wait; for any thread.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>From another loop's thread.</summary>
    /// <returns>False when this loop takes nobody any more.</returns>
    internal bool TryAdd(in Newcomer newcomer)
    {
        lock (_door)
        {
            if (_isClosed)
            {
                return false;
            }
            newcomer.Generation.Acquire();
            _waiting.Enqueue(newcomer);
            Volatile.Write(ref _count, _waiting.Count);
            if (_count > 1)
            {
                return true;
            }
        }
        _worker.Loop.Post(_welcome);
        return true;
    }

    /// <summary>On the loop's thread: nobody else comes, and who waits is served.</summary>
    public void Close()
    {
        lock (_door)
        {
            _isClosed = true;
        }
        Welcome();
    }

    /// <summary>After the loop's end: whoever still waits is closed like all its clients.</summary>
    public void Dispose()
    {
        lock (_door)
        {
            _isClosed = true;
        }
        while (TryTake(out var newcomer))
        {
            _ = Socket.Close(newcomer.Descriptor);
            newcomer.Generation.Release();
        }
    }

    private void Welcome()
    {
        while (TryTake(out var newcomer))
        {
            if (newcomer.Enter(_worker) is { } client)
            {
                _worker.Serve(client);
            }
            newcomer.Generation.Release();
        }
    }

    private bool TryTake(out Newcomer newcomer)
    {
        lock (_door)
        {
            var isThere = _waiting.TryDequeue(out newcomer);
            Volatile.Write(ref _count, _waiting.Count);
            return isThere;
        }
    }
}
