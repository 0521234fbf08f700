using Countersign.Configuration;
using Countersign.Native;
using Countersign.Proxy.Accept;
using Countersign.Proxy.Request;

namespace Countersign.Proxy;

/// <summary>
/// A client between two requests: until when it may be silent, and what has come of the next one already. A value within
/// <see cref="Connection.RunAsync"/>: most clients are here most of the time, and beside it they cost neither a buffer nor a waiting method.
/// </summary>
internal struct Rest
{
    private readonly Client _client;
    private long _deadline;
    private long _heldUntil;
    private byte[]? _pipelined;
    private bool _isHeld;

    /// <summary>Before the first request: the time began with the connection.</summary>
    public Rest(Client client)
    {
        _client = client;
        _deadline = client.FirstHeadDeadline;
        client.Log.Action = "waiting for request";
    }

    /// <summary>There will be no other request; the reason has been logged.</summary>
    public bool IsOver { get; private set; }

    /// <summary>How long <see cref="Channel.Readable"/> is to wait, more than 0.</summary>
    public long Milliseconds { get; private set; }

    /// <summary>After an answer.</summary>
    /// <remarks>keepalive_min_timeout is the part of the time in which nobody closes the connection, not even a reload.</remarks>
    public void Begin(Exchange exchange)
    {
        var core = exchange.Location.Core;
        var idle = (long)core.KeepaliveTimeout.TotalMilliseconds;
        _deadline = exchange.Worker.Loop.Now + idle;
        _heldUntil = exchange.Worker.Loop.Now + Math.Min(idle, (long)core.KeepaliveMinTimeout.TotalMilliseconds);
    }

    /// <summary>Gives the exchange back; what it has read of the next request is kept.</summary>
    public void Return(Exchange exchange)
    {
        exchange.Input.Release(out _pipelined);
        _client.Log.Exchange = null;
        _client.Log.Action = _pipelined is null ? "keepalive" : "reading client pipelined request line";
        exchange.Worker.Return(exchange);
    }

    /// <returns>An exchange with the first bytes of a request; null to wait for some, or when it <see cref="IsOver"/>.</returns>
    public Exchange? TryNext()
    {
        var worker = _client.Worker;
        var exchange = worker.RentExchange();
        exchange.Input.Begin(worker, _client.Channel, _client.Server.Settings.ClientHeaderBufferSize);
        exchange.IsPipelined = _pipelined is not null;
        if (_pipelined is not null)
        {
            exchange.Input.Preload(_pipelined);
            return exchange;
        }
        var result = exchange.Input.TryFill();
        if (result > 0)
        {
            return exchange;
        }
        exchange.Input.Release(out _);
        worker.Return(exchange);
        if (result == -Errno.Again)
        {
            BeginWait();
        }
        else
        {
            IsOver = true;
            ReportEnd(result);
        }
        return null;
    }

    /// <summary>The wait has ended.</summary>
    public void EndWait(bool isReady)
    {
        _client.Worker.RemoveIdle(_client);
        if (!isReady && (!_isHeld || _heldUntil == _deadline))
        {
            TimeOut();
        }
    }

    private void BeginWait()
    {
        var now = _client.Worker.Loop.Now;
        _isHeld = now < _heldUntil;
        if (_client.Generation.IsRetired && !IsFirst && !_isHeld)
        {
            IsOver = true;
            return;
        }
        Milliseconds = (_isHeld ? _heldUntil : _deadline) - now;
        if (Milliseconds <= 0)
        {
            TimeOut();
        }
        else if (!_isHeld)
        {
            _client.Worker.AddIdle(_client);
        }
    }

    private readonly bool IsFirst => _client.Requests == 0;

    private void TimeOut()
    {
        IsOver = true;
        if (IsFirst)
        {
            _client.Log.Write(LogLevel.Info, "client timed out", Errno.TimedOut);
        }
    }

    private readonly void ReportEnd(int result)
    {
        if (result == -Errno.BadDescriptor)
        {
            return;
        }
        if (result == 0)
        {
            _client.Log.Write(LogLevel.Info, IsFirst
                ? "client closed connection"
                : $"client {System.Text.Encoding.Latin1.GetString(_client.PeerText)} closed keepalive connection", withContext: IsFirst);
        }
        else if (IsFirst || result != -Errno.ConnectionReset)
        {
            _client.Log.WriteChannelError(_client.Channel, result, "recv()");
        }
    }
}
