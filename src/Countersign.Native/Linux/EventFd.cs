namespace Countersign.Native;

/// <summary>Wakes a loop from another thread: add <see cref="Descriptor"/> to its <see cref="Epoll"/>.</summary>
public sealed unsafe class EventFd : IDisposable
{
    private int _descriptor;

    /// <exception cref="NativeCallException">The kernel gave no descriptor.</exception>
    public EventFd()
    {
        _descriptor = Errno.Of(NativePoll.EventDescriptor(0, NativePoll.CloseOnExec | NativePoll.EventFdNonBlocking));
        NativeCallException.ThrowIfFailed(_descriptor, "eventfd()");
    }

    public int Descriptor => _descriptor;

    /// <summary>Callable from every thread. A full counter means the loop is about to wake anyway, so nothing is reported.</summary>
    public void Signal()
    {
        ulong one = 1;
        _ = NativeFile.Write(_descriptor, (byte*)&one, sizeof(ulong));
    }

    /// <summary>Takes all signals so far; false when there were none.</summary>
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
