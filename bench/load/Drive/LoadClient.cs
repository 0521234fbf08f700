using Countersign.Native;

namespace Countersign.Load.Drive;

/// <summary>One client, operation after operation: connect, handshake, request, response, and as the work says the end or the next request.</summary>
internal sealed class LoadClient(LoadLoop loop, int index) : ITlsClientEvents, IDisposable
{
    private enum State { Idle, Connecting, Handshaking, Sending, Receiving, Ending }

    private State _state;
    private int _socket = -1;
    private TlsConnection? _tls;
    private TlsSession? _session;
    private ResponseCounter _response;
    private long _sent;

    public int Index => index;

    /// <summary>When the operation was to start.</summary>
    public long Intended { get; private set; }

    public void Start(long intended)
    {
        Intended = intended;
        if (_tls is null)
        {
            Connect();
            return;
        }
        StartSending();
        Go();
    }

    /// <summary>As far as it goes without waiting.</summary>
    public void Go()
    {
        while (true)
        {
            var status = Step();
            if (status is TlsStatus.WantRead or TlsStatus.WantWrite || _state == State.Idle)
            {
                return;
            }
            if (status == TlsStatus.Done)
            {
                continue;
            }
            var (failed, error) = (_state, _tls?.Error?.ToString() ?? "");
            Close();
            if (failed == State.Ending && status is TlsStatus.Closed or TlsStatus.Ended)
            {
                loop.Ended(this);
            }
            else
            {
                loop.Failed(this, $"{failed} ended with {status} {error}");
            }
            return;
        }
    }

    /// <summary>Whether the server has left the idle connection as it is.</summary>
    public bool IsOpen() => _tls is not null && _tls.Read(loop.Buffer, out _) == TlsStatus.WantRead;

    public void OnSession(TlsConnection connection, TlsSession session)
    {
        _session?.Dispose();
        _session = session;
    }

    public void Dispose()
    {
        Close();
        _session?.Dispose();
    }

    private void Connect()
    {
        _state = State.Connecting;
        _socket = Socket.Open(SocketFamily.IPv4);
        NativeCallException.ThrowIfFailed(_socket, "socket()");
        SocketOption.NoDelay(_socket, true);
        var result = Socket.Connect(_socket, loop.Server);
        if (result != -Errno.InProgress)
        {
            NativeCallException.ThrowIfFailed(result, "connect()");
        }
        loop.Watch(_socket, this);
    }

    private void StartSending()
    {
        _state = State.Sending;
        _response = default;
        _sent = 0;
    }

    private TlsStatus Step()
    {
        switch (_state)
        {
            case State.Connecting:
                if (Socket.TakeError(_socket) < 0)
                {
                    return TlsStatus.SystemError;
                }
                _tls = TlsConnection.Connect(loop.Context, _socket, loop.Request.Name, verifyName: null, _session, this);
                _state = State.Handshaking;
                return TlsStatus.Done;
            case State.Handshaking:
                var handshake = _tls!.Handshake();
                if (handshake == TlsStatus.Done)
                {
                    if (_tls.SessionReused)
                    {
                        loop.Resumed();
                    }
                    StartSending();
                }
                return handshake;
            case State.Sending:
                var isAtOnce = _sent == 0;
                var sent = _tls!.Write(loop.Request.From(_sent), out var taken);
                _sent += taken;
                if (_sent == loop.Request.Length)
                {
                    _state = State.Receiving;
                    // Nothing can have come yet, and what comes is an event.
                    return isAtOnce ? TlsStatus.WantRead : sent;
                }
                return sent;
            case State.Receiving:
                var received = _tls!.Read(loop.Buffer, out var count);
                return received == TlsStatus.Done && _response.Add(loop.Buffer.AsSpan(0, count)) ? Received() : received;
            default:
                // The server ends what the request asked it to end; until then the operation costs.
                return _tls!.Read(loop.Buffer, out _);
        }
    }

    /// <returns>Done where something is left to do; the next operation may be under way by then.</returns>
    private TlsStatus Received()
    {
        if (_response.Status != loop.ExpectedStatus)
        {
            Close();
            loop.Failed(this, $"the response has status {_response.Status}");
            return TlsStatus.WantRead;
        }
        if (loop.Work is Work.KeepAlive or Work.Hold)
        {
            _state = State.Idle;
            loop.Ended(this);
            return TlsStatus.WantRead;
        }
        _state = State.Ending;
        return TlsStatus.Done;
    }

    private void Close()
    {
        if (_socket < 0)
        {
            return;
        }
        if (_tls is { IsHandshakeDone: true })
        {
            _ = _tls.ShutDown();
        }
        _tls?.Dispose();
        _tls = null;
        _ = Socket.Close(_socket);
        _socket = -1;
        _state = State.Idle;
    }
}
