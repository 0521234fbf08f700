using Countersign.Configuration;
using Countersign.Native;
using Countersign.Proxy.Request;

namespace Countersign.Proxy.Upstream;

/// <summary>What a backend answers: the bytes of its head as they come (proxy_buffer_size at most), and what they say.</summary>
public sealed class BackendResponse
{
    private byte[] _buffer = [];
    private int _capacity;

    internal ResponseHeadReader Reader { get; } = new();

    /// <summary>First byte not used.</summary>
    internal int Position { get; set; }
    /// <summary>Just past the last byte received.</summary>
    internal int Last { get; private set; }

    public int Status { get; internal set; }
    /// <summary><c>404 Not Found</c>.</summary>
    public Bytes StatusText { get; internal set; }
    /// <summary>-1 without Content-Length, or with chunks.</summary>
    public long ContentLength { get; internal set; }
    public bool IsChunked { get; internal set; }
    /// <summary>It will close after the answer.</summary>
    public bool Closes { get; internal set; }
    /// <summary>HTTP/0.9: everything is body, and the client gets it as it is.</summary>
    public bool IsHeadless { get; internal set; }

    public int Available => Last - Position;
    internal bool IsFull => Last == _capacity;
    internal byte[] Buffer => _buffer;
    internal ReadOnlySpan<byte> Received => _buffer.AsSpan(0, Last);
    internal ReadOnlySpan<byte> Unread => _buffer.AsSpan(Position, Available);

    /// <summary>A backend is about to be asked.</summary>
    public void Begin(Passing passing)
    {
        _capacity = passing.Settings.BufferSize;
        if (_buffer.Length == 0)
        {
            _buffer = _capacity <= Worker.BufferSize ? passing.Worker.RentBuffer() : new byte[_capacity];
        }
        Position = Last = 0;
        Restart(passing);
    }

    /// <summary>Another head begins, where the last one (an interim one) has ended.</summary>
    internal void Restart(Passing passing)
    {
        Unread.CopyTo(_buffer);
        Last = Available;
        Position = 0;
        Status = 0;
        StatusText = default;
        ContentLength = -1;
        IsChunked = Closes = IsHeadless = false;
        passing.Exchange.Upstream.Headers.Clear();
        Reader.Reset();
    }

    /// <summary>One read that does not wait.</summary>
    internal int TryFill(Passing passing)
    {
        var count = passing.Backend.TryRead(_buffer.AsSpan(Last, _capacity - Last));
        if (count > 0)
        {
            Last += count;
            passing.Attempt.BytesReceived += count;
        }
        return count;
    }

    /// <summary>The head has been read: the buffer, with what came behind the head, is now the caller's to return.</summary>
    internal byte[] Detach()
    {
        var buffer = _buffer;
        _buffer = [];
        return buffer;
    }

    internal void Release(Worker worker)
    {
        worker.Return(_buffer);
        _buffer = [];
    }

    /// <summary>The backend has closed or broken the connection before the answer was whole.</summary>
    /// <param name="call"><c>recv()</c>, or <c>readv()</c> where nginx reads into several buffers.</param>
    internal static void LogEnd(Passing passing, int result, string call)
    {
        if (result == 0)
        {
            passing.Log.Write(LogLevel.Error, "upstream prematurely closed connection");
        }
        else if (result == Channel.TlsFailed && passing.Backend.Tls?.Error is { } error)
        {
            passing.Log.Write(error.IsPeerFault ? LogLevel.Error : LogLevel.Crit, error.ToString());
        }
        else
        {
            passing.Log.Write(LogLevel.Error, passing.Backend.Tls is null ? $"{call} failed" : "SSL_read() failed", -result);
        }
    }
}
