using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Countersign.Native;

[Flags]
public enum EpollFlags : uint
{
    None = 0,
    In = 0x1,
    Out = 0x4,
    Error = 0x8,
    HangUp = 0x10,
    ReadHangUp = 0x2000,
    Exclusive = 1u << 28,
    EdgeTriggered = 1u << 31,
}

/// <summary>One ready descriptor: what happened, and the value given when it was added.</summary>
public readonly record struct EpollEvent(EpollFlags Flags, ulong Data);

/// <summary>One epoll instance and the buffer its events land in. Belongs to one loop thread.</summary>
public sealed unsafe class Epoll : IDisposable
{
    private static readonly int Stride = StrideOf(RuntimeInformation.ProcessArchitecture);
    private static readonly int DataOffset = Stride - sizeof(ulong);

    private readonly int _capacity;
    private readonly int _descriptor;
    private byte* _ready;

    /// <exception cref="NativeCallException">The kernel gave no instance.</exception>
    public Epoll(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        _descriptor = Errno.Of(NativePoll.Create(NativePoll.CloseOnExec));
        NativeCallException.ThrowIfFailed(_descriptor, "epoll_create()");
        _capacity = capacity;
        _ready = (byte*)NativeMemory.AllocZeroed((nuint)capacity, (nuint)Stride);
    }

    /// <returns>0 or a negative error number.</returns>
    public int Add(int descriptor, EpollFlags flags, ulong data) => Change(NativePoll.Add, descriptor, flags, data);

    /// <inheritdoc cref="Add"/>
    public int Modify(int descriptor, EpollFlags flags, ulong data) => Change(NativePoll.Modify, descriptor, flags, data);

    /// <summary>Closing the last descriptor of a file removes it too; this is for descriptors that stay open.</summary>
    public int Delete(int descriptor) => Change(NativePoll.Delete, descriptor, EpollFlags.None, 0);

    /// <summary>Waits for events; they stay readable through the indexer until the next wait.</summary>
    /// <param name="timeoutMilliseconds">-1 waits without limit, 0 not at all.</param>
    /// <returns>How many events there are; 0 also when a signal interrupted the wait; otherwise a negative error number.</returns>
    public int Wait(int timeoutMilliseconds)
    {
        ObjectDisposedException.ThrowIf(_ready is null, this);
        var count = Errno.Of(NativePoll.Wait(_descriptor, _ready, _capacity, timeoutMilliseconds));
        return count == -Errno.Interrupted ? 0 : count;
    }

    public EpollEvent this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)_capacity);
            ObjectDisposedException.ThrowIf(_ready is null, this);
            var at = _ready + index * Stride;
            return new EpollEvent((EpollFlags)Unsafe.ReadUnaligned<uint>(at), Unsafe.ReadUnaligned<ulong>(at + DataOffset));
        }
    }

    public void Dispose()
    {
        if (_ready is null)
        {
            return;
        }
        NativeMemory.Free(_ready);
        _ready = null;
        _ = NativeFile.Close(_descriptor);
    }

    /// <summary>struct epoll_event is packed on x64 only: 4 + 8 bytes there, 4 + 4 (padding) + 8 elsewhere.</summary>
    internal static int StrideOf(Architecture processor) => processor == Architecture.X64 ? 12 : 16;

    private int Change(int operation, int descriptor, EpollFlags flags, ulong data)
    {
        var change = stackalloc byte[16];
        Unsafe.WriteUnaligned(change, (uint)flags);
        Unsafe.WriteUnaligned(change + DataOffset, data);
        return Errno.Of(NativePoll.Control(_descriptor, operation, descriptor, change));
    }
}
