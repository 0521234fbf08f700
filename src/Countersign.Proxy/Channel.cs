using System.Runtime.CompilerServices;
using Countersign.Native;

namespace Countersign.Proxy;

/// <summary>
/// One connected socket on a loop, plain or under TLS: the client's side and the backend's alike. Owns the descriptor and, once given,
/// the TLS connection. Results are counts, 0 for the end of the stream, or negative error numbers.
/// </summary>
public sealed partial class Channel : Pollable, IDisposable
{
    /// <summary>The time given for a read or write ended first. No error number: the kernel's own ETIMEDOUT is another thing.</summary>
    public const int TimedOut = -10_000;
    /// <summary>TLS failed (EPROTO); <see cref="Tls"/> has the error.</summary>
    public const int TlsFailed = -71;

    private readonly Loop _loop;
    private readonly Readiness _readable;
    private int _socket;
    private Readiness? _writable;
    private bool _readWantsWrite;
    private bool _writeWantsRead;

    // The last read has emptied the socket and no event has come since: another one would only be told EAGAIN.
    private bool _isDrained;

    private Cork _cork;

    // Reads and writes one after the other before others get their turn: two fast sides never let go of the loop by themselves.
    internal const int MostInARow = 128;
    private int _inARow;
    private Action? _goOn;

    private Channel(Loop loop, int socket)
    {
        _loop = loop;
        _socket = socket;
        _readable = new Readiness(loop);
    }

    /// <summary>Takes the descriptor over; it is closed here when the loop cannot take it.</summary>
    /// <returns>0 or a negative error number.</returns>
    public static int Open(Loop loop, int socket, out Channel? channel)
    {
        channel = new Channel(loop, socket);
        const EpollFlags Flags = EpollFlags.In | EpollFlags.Out | EpollFlags.ReadHangUp | EpollFlags.EdgeTriggered;
        var result = loop.Add(channel, socket, Flags);
        if (result < 0)
        {
            channel.Dispose();
            channel = null;
        }
        return result;
    }

    // Most connections have never had to wait for room.
    private Readiness Writing => _writable ??= new Readiness(_loop);

    /// <summary>Hears of every event of the socket, besides whoever awaits a direction: for waiting on two channels at once.</summary>
    internal IChannelObserver? Observer { get; set; }

    /// <summary>The peer has closed its side, or the connection has failed: no more than what is in the socket will come.</summary>
    public bool HasHungUp { get; private set; }

    /// <summary>The socket has been writable: a connect has come to its end, good or bad.</summary>
    public bool HasBeenWritable { get; private set; }

    /// <summary>Set by the handshake; disposed with the channel.</summary>
    public TlsConnection? Tls { get; set; }

    public int Descriptor => _socket;

    /// <summary>What is written from now on is the last of the connection: it leaves along with <see cref="SayGoodbye"/>.</summary>
    internal bool IsEnding { get; set; }

    /// <summary>Waits for the first bytes, at most <paramref name="milliseconds"/> (negative: without limit).</summary>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, long milliseconds)
    {
        while (true)
        {
            var result = TryRead(buffer.Span, out var wantsWrite);
            if (result != -Errno.Again)
            {
                return result;
            }
            _cork.Pull(_socket);
            if (!await (wantsWrite ? Writing : _readable).Within(milliseconds))
            {
                return TimedOut;
            }
        }
    }

    /// <summary>Writes everything; the time counts between two steps that made progress, as nginx's send_timeout.</summary>
    /// <returns>0, or a negative error number.</returns>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    public async ValueTask<int> WriteAsync(ReadOnlyMemory<byte> bytes, long milliseconds)
    {
        while (!bytes.IsEmpty)
        {
            var result = TryWrite(bytes.Span, out var wantsRead);
            if (result >= 0)
            {
                bytes = bytes[result..];
            }
            else if (result != -Errno.Again)
            {
                return result;
            }
            else if (!await (wantsRead ? _readable : Writing).Within(milliseconds))
            {
                return TimedOut;
            }
        }
        return 0;
    }

    /// <summary>Waits until there may be something to read; ask <see cref="TryRead"/> first, since edges that nobody awaits are dropped.
    /// False when the time (negative: no limit) ended first.</summary>
    internal Readiness Readable(long milliseconds)
    {
        _cork.Pull(_socket);
        return (_readWantsWrite ? Writing : _readable).Within(milliseconds);
    }

    /// <summary>The same for writing.</summary>
    internal Readiness Writable(long milliseconds) => (_writeWantsRead ? _readable : Writing).Within(milliseconds);

    /// <summary>One read that does not wait: a count, 0 at the end, -EAGAIN, or another negative result.</summary>
    public int TryRead(Span<byte> buffer)
    {
        var result = TryRead(buffer, out var wantsWrite);
        _readWantsWrite = wantsWrite;
        return result;
    }

    /// <summary>One write that does not wait: the bytes taken, -EAGAIN, or another negative result.</summary>
    public int TryWrite(ReadOnlySpan<byte> bytes)
    {
        var result = TryWrite(bytes, out var wantsRead);
        _writeWantsRead = wantsRead;
        return result;
    }

    /// <summary>Bytes wait that no event will announce again, or on the socket itself.</summary>
    public bool HasInput
    {
        get
        {
            if (_socket < 0)
            {
                return false;
            }
            Span<byte> one = stackalloc byte[1];
            return Tls?.HasBuffered == true || Socket.Peek(_socket, one) > 0;
        }
    }

    /// <summary>The same as far as events have told, as nginx looks at a kept connection: the kernel is not asked again.</summary>
    public bool HasKnownInput => !_isDrained && HasInput;

    /// <summary>It has been told to wait, though the socket may be ready; its waits end with its turn.</summary>
    internal bool AwaitsTurn { get; private set; }

    /// <summary>Others are waiting: it is as if the socket had nothing, until it is this one's turn again.</summary>
    private bool HasHadItsTurn()
    {
        if (_inARow < MostInARow)
        {
            return false;
        }
        if (!AwaitsTurn)
        {
            AwaitsTurn = true;
            _loop.Heavy.UnsafeOnCompleted(_goOn ??= GoOn);
        }
        return true;
    }

    private void GoOn()
    {
        AwaitsTurn = false;
        _inARow = 0;
        _readable.Signal();
        _writable?.Signal();
        Observer?.OnEvent();
    }

    private int Counted(int result)
    {
        _inARow = result > 0 ? _inARow + 1 : _inARow;
        return result;
    }

    // An end that has been announced is still to be read; whatever else comes is announced.
    private int Receive(Span<byte> buffer)
    {
        if (_isDrained)
        {
            return -Errno.Again;
        }
        var result = Socket.Receive(_socket, buffer);
        _isDrained = !HasHungUp && (result == -Errno.Again || (result > 0 && result < buffer.Length));
        return result;
    }

    private int TryRead(Span<byte> buffer, out bool wantsWrite)
    {
        wantsWrite = false;
        if (_socket < 0)
        {
            return -Errno.BadDescriptor;
        }
        if (HasHadItsTurn())
        {
            return -Errno.Again;
        }
        if (Tls is null)
        {
            return Counted(Receive(buffer));
        }
        if (_isDrained)
        {
            return -Errno.Again;
        }
        var status = Tls.Read(buffer, out var count);
        _isDrained = Tls.HasDrained && !HasHungUp;
        wantsWrite = status == TlsStatus.WantWrite;
        return Counted(Result(status, count));
    }

    private int TryWrite(ReadOnlySpan<byte> bytes, out bool wantsRead)
    {
        wantsRead = false;
        if (_socket < 0)
        {
            return -Errno.BadDescriptor;
        }
        if (HasHadItsTurn())
        {
            return -Errno.Again;
        }
        if (Tls is null)
        {
            return Counted(Socket.Send(_socket, bytes));
        }
        if (IsEnding)
        {
            _cork.Put(_socket);
        }
        var status = Tls.Write(bytes, out var count);
        if (!IsEnding)
        {
            _cork.Pull(_socket);
        }
        wantsRead = status == TlsStatus.WantRead;
        var result = Counted(Result(status, count));
        return result == 0 ? -Errno.BrokenPipe : result;
    }

    private int Result(TlsStatus status, int count) => status switch
    {
        TlsStatus.Done => count,
        TlsStatus.WantRead or TlsStatus.WantWrite => -Errno.Again,
        TlsStatus.Closed or TlsStatus.Ended => 0,
        TlsStatus.SystemError => Tls!.SystemError == 0 ? 0 : -Tls.SystemError,
        _ => TlsFailed,
    };

    protected internal override void OnReady(EpollFlags flags)
    {
        const EpollFlags Ended = EpollFlags.Error | EpollFlags.HangUp;
        _inARow = AwaitsTurn ? _inARow : 0;
        HasHungUp |= (flags & (EpollFlags.ReadHangUp | Ended)) != 0;
        HasBeenWritable |= (flags & (EpollFlags.Out | Ended)) != 0;
        if ((flags & (EpollFlags.In | EpollFlags.ReadHangUp | Ended)) != 0)
        {
            _isDrained = false;
            _readable.Signal();
        }
        if ((flags & (EpollFlags.Out | Ended)) != 0)
        {
            _writable?.Signal();
        }
        Observer?.OnEvent();
    }

    /// <summary>Closes; whoever waits goes on and is told -EBADF.</summary>
    public void Dispose()
    {
        if (_socket < 0)
        {
            return;
        }
        _loop.Remove(this);
        Tls?.Dispose();
        Tls = null;
        _ = Socket.Close(_socket);
        _socket = -1;
        HasHungUp = true;
        _readable.Signal();
        _writable?.Signal();
        Observer?.OnEvent();
    }
}

/// <summary>Hears of a channel's events, whatever they are.</summary>
internal interface IChannelObserver
{
    void OnEvent();
}
