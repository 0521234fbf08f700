using System.Collections.Concurrent;
using Countersign.Native;

namespace Countersign.Proxy;

/// <summary>Something with a descriptor on a loop.</summary>
public abstract class Pollable
{
    /// <summary>Slot on the loop, or -1.</summary>
    internal int Slot = -1;

    /// <summary>Its events wait until those of everybody else in the turn have been dealt with.</summary>
    internal virtual bool ComesLast => false;

    protected internal abstract void OnReady(EpollFlags flags);
}

/// <summary>
/// One thread, one epoll instance. Everything a connection does runs here from its first byte to its last; nothing hops to the
/// thread pool. Only <see cref="Post"/> and <see cref="Stop"/> may be called from another thread.
/// </summary>
public sealed class Loop : IDisposable
{
    private readonly Epoll _epoll = new(512);
    private readonly EventFd _wake;
    private readonly ConcurrentQueue<Action> _posted = new();
    private readonly TimerHeap _timers = new();
    private readonly IdleMemory _memory;
    private readonly TimeProvider _time;
    private readonly long _started;
    private readonly Action<Exception> _onFault;
    private readonly Stack<int> _freeSlots = new();
    private readonly List<EpollEvent> _last = [];
    private Pollable?[] _pollables = new Pollable?[256];
    private uint[] _generations = new uint[256];
    private int _slots = 1;
    private readonly Lock _waking = new();
    private volatile bool _stopped;
    private bool _disposed;

    /// <exception cref="NativeCallException">There are too few descriptors.</exception>
    /// <param name="onFault">Hears of an exception that got out of a handler; the loop goes on.</param>
    public Loop(int number, TimeProvider time, Action<Exception> onFault)
    {
        Number = number;
        _memory = new IdleMemory(this);
        _time = time;
        _onFault = onFault;
        _started = time.GetTimestamp();
        Heavy = new HeavyWork(time);
        try
        {
            _wake = new EventFd();
        }
        catch
        {
            _epoll.Dispose();
            throw;
        }
        NativeCallException.ThrowIfFailed(_epoll.Add(_wake.Descriptor, EpollFlags.In | EpollFlags.EdgeTriggered, 0), "epoll_ctl()");
    }

    public int Number { get; }

    /// <summary>Milliseconds since the loop was made, read once a turn.</summary>
    public long Now { get; private set; }

    /// <inheritdoc cref="Proxy.Departures"/>
    internal Departures Departures { get; } = new();

    /// <inheritdoc cref="HeavyWork"/>
    internal HeavyWork Heavy { get; }

    /// <summary>Runs until <see cref="Stop"/>; the calling thread is the loop's thread.</summary>
    public void Run()
    {
        while (!_stopped)
        {
            var wait = -1;
            if (_timers.First is { } first)
            {
                ReadClock();
                wait = (int)Math.Clamp(first.Due - Now, 0, int.MaxValue);
            }
            var count = _epoll.Wait(_posted.IsEmpty && Heavy.Count == 0 ? wait : 0);
            var began = ReadClock();
            if (count > 0)
            {
                _memory.NoteTurn();
            }
            Departures.Hold(count);
            for (var index = 0; index < count; index++)
            {
                Dispatch(_epoll[index], isLast: false);
                Departures.Note(_onFault);
            }
            Departures.Leave(_onFault);
            foreach (var ready in _last)
            {
                Dispatch(ready, isLast: true);
            }
            _last.Clear();
            RunTimers();
            RunPosted();
            if (Heavy.Count > 0)
            {
                Heavy.Run(_time.GetElapsedTime(began), _onFault);
            }
        }
        _memory.Stop();
    }

    /// <summary>Runs <paramref name="action"/> on the loop's thread, soon; not at all when the loop has ended.</summary>
    public void Post(Action action)
    {
        _posted.Enqueue(action);
        Wake();
    }

    public void Stop()
    {
        _stopped = true;
        Wake();
    }

    /// <summary>A loop that has ended is told things in vain, and nobody who has its descriptor's number since.</summary>
    private void Wake()
    {
        lock (_waking)
        {
            if (!_disposed)
            {
                _wake.Signal();
            }
        }
    }

    /// <returns>0 or a negative error number.</returns>
    internal int Add(Pollable pollable, int descriptor, EpollFlags flags)
    {
        var slot = _freeSlots.Count > 0 ? _freeSlots.Pop() : _slots++;
        if (slot >= _pollables.Length)
        {
            Array.Resize(ref _pollables, slot * 2);
            Array.Resize(ref _generations, slot * 2);
        }
        var result = _epoll.Add(descriptor, flags, ((ulong)_generations[slot] << 32) | (uint)slot);
        if (result < 0)
        {
            _freeSlots.Push(slot);
            return result;
        }
        _pollables[slot] = pollable;
        pollable.Slot = slot;
        return 0;
    }

    /// <summary>Forgets it. An event of this turn that is still on its way finds another generation and is dropped.</summary>
    internal void Remove(Pollable pollable)
    {
        if (pollable.Slot < 0)
        {
            return;
        }
        _pollables[pollable.Slot] = null;
        _generations[pollable.Slot]++;
        _freeSlots.Push(pollable.Slot);
        pollable.Slot = -1;
    }

    /// <summary>Takes a descriptor that stays open (a listening socket) out of the loop.</summary>
    internal void RemoveOpen(Pollable pollable, int descriptor)
    {
        _ = _epoll.Delete(descriptor);
        Remove(pollable);
    }

    internal void SetTimer(LoopTimer timer, long milliseconds) => _timers.Set(timer, Now + milliseconds);

    internal void CancelTimer(LoopTimer timer) => _timers.Remove(timer);

    private long ReadClock()
    {
        var now = _time.GetTimestamp();
        Now = (long)_time.GetElapsedTime(_started, now).TotalMilliseconds;
        return now;
    }

    private void Dispatch(EpollEvent ready, bool isLast)
    {
        var slot = (int)(uint)ready.Data;
        if (slot == 0)
        {
            _ = _wake.Drain();
            return;
        }
        if (_pollables[slot] is not { } pollable || _generations[slot] != (uint)(ready.Data >> 32))
        {
            return;
        }
        if (!isLast && pollable.ComesLast)
        {
            _last.Add(ready);
            return;
        }
        try
        {
            pollable.OnReady(ready.Flags);
        }
        catch (Exception fault)
        {
            _onFault(fault);
        }
    }

    private void RunTimers()
    {
        while (_timers.First is { } timer && timer.Due <= Now)
        {
            _timers.Remove(timer);
            try
            {
                timer.OnDue();
            }
            catch (Exception fault)
            {
                _onFault(fault);
            }
        }
    }

    /// <summary>What has been posted by now. A turn does it last; for whoever must not overtake it.</summary>
    internal void RunPosted()
    {
        while (_posted.TryDequeue(out var action))
        {
            try
            {
                action();
            }
            catch (Exception fault)
            {
                _onFault(fault);
            }
        }
    }

    public void Dispose()
    {
        lock (_waking)
        {
            _disposed = true;
            _epoll.Dispose();
            _wake.Dispose();
        }
    }
}
