using System.Runtime.CompilerServices;
using Countersign.Native;

namespace Countersign.Proxy;

/// <summary>The begin and the end of a connection: its first byte, its handshake, its goodbye.</summary>
public sealed partial class Channel
{
    /// <summary>What <see cref="PeekAsync"/> has seen.</summary>
    public byte FirstByte { get; private set; }

    /// <summary>Waits for the first byte on the socket and leaves it there: what comes before TLS, or instead of it. Whoever sends
    /// nothing costs no buffer.</summary>
    /// <returns>1, 0 at the end, or a negative error number.</returns>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    public async ValueTask<int> PeekAsync(long milliseconds)
    {
        while (true)
        {
            var result = Peek();
            if (result != -Errno.Again)
            {
                return result;
            }
            if (!await _readable.Within(milliseconds))
            {
                return TimedOut;
            }
        }
    }

    private int Peek()
    {
        if (_socket >= 0 && !HasBeenWritable)
        {
            // No event has come yet, and the first one tells of bytes as well.
            return -Errno.Again;
        }
        byte first = 0;
        var result = _socket < 0 ? -Errno.BadDescriptor : Socket.Peek(_socket, new Span<byte>(ref first));
        FirstByte = first;
        return result;
    }

    /// <summary>Reads past TLS: after close_notify, what still comes is only thrown away.</summary>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    public async ValueTask<int> ReadRawAsync(Memory<byte> buffer, long milliseconds)
    {
        while (true)
        {
            var result = _socket < 0 ? -Errno.BadDescriptor : HasHadItsTurn() ? -Errno.Again : Counted(Socket.Receive(_socket, buffer.Span));
            if (result != -Errno.Again)
            {
                return result;
            }
            if (!await _readable.Within(milliseconds))
            {
                return TimedOut;
            }
        }
    }

    /// <summary>Runs the handshake of <see cref="Tls"/> to its end; the time (negative: no limit) is for all of it, however often the peer
    /// sends another byte.</summary>
    /// <param name="observer">Hears of each time that the handshake has to wait for the peer, and of the end of it.</param>
    /// <returns>0, or a negative error number; <see cref="TlsFailed"/> also where the peer closed in between.</returns>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    public async ValueTask<int> HandshakeAsync(long milliseconds, IHandshakeObserver? observer = null)
    {
        var tls = Tls ?? throw new InvalidOperationException("The channel has no TLS.");
        var end = _loop.Now + milliseconds;
        while (true)
        {
            if (_socket >= 0 && !tls.SessionReused)
            {
                // The last step of a resumption costs no more than a request.
                await _loop.Heavy;
            }
            if (_socket < 0)
            {
                return -Errno.BadDescriptor;
            }
            var status = tls.Handshake();
            if (status is not (TlsStatus.WantRead or TlsStatus.WantWrite))
            {
                return status == TlsStatus.Done ? 0 : TlsFailed;
            }
            if (tls.AwaitsLastFlight)
            {
                // The tickets leave with the answer to the request, which comes along with the client's flight, as a rule.
                _cork.Put(_socket);
            }
            observer?.OnWait();
            if (!await (status == TlsStatus.WantWrite ? Writing : _readable).Within(milliseconds < 0 ? -1 : Math.Max(0, end - _loop.Now)))
            {
                return TimedOut;
            }
            observer?.OnAnswer();
        }
    }

    /// <summary>Says close_notify, in one segment with the end of the stream that <see cref="Dispose"/> makes of it.</summary>
    internal void SayGoodbye()
    {
        if (_socket >= 0 && Tls is { IsHandshakeDone: true } tls)
        {
            _cork.Put(_socket);
            _ = tls.ShutDown();
        }
    }
}

/// <summary>Hears of a handshake's pauses.</summary>
public interface IHandshakeObserver
{
    /// <summary>What there was to send is out.</summary>
    void OnWait();

    /// <summary>Something has come, perhaps the end.</summary>
    void OnAnswer();
}
