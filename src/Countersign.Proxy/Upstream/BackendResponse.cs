using System.Runtime.CompilerServices;
using Countersign.Configuration;
using Countersign.Native;
using Countersign.Proxy.Request;

namespace Countersign.Proxy.Upstream;

/// <summary>What a backend sends: bytes as they come, and what its head says of them.</summary>
public sealed class BackendResponse
{
    private readonly StatusLineParser _statusLine = new();
    private readonly HeaderLineParser _header = new();
    private byte[] _buffer = [];
    private int _capacity;
    private int _position;
    private int _last;

    /// <summary>Bytes have come since the connection was taken.</summary>
    public bool HasBytes { get; private set; }
    public int Status { get; private set; }
    /// <summary><c>404 Not Found</c>.</summary>
    public Bytes StatusText { get; private set; }
    /// <summary>-1 without Content-Length, or with chunks.</summary>
    public long ContentLength { get; private set; }
    public bool IsChunked { get; private set; }
    /// <summary>It will close after the answer.</summary>
    public bool Closes { get; private set; }
    /// <summary>HTTP/0.9: everything is body.</summary>
    public bool IsHeadless { get; private set; }

    public ReadOnlyMemory<byte> Unread => _buffer.AsMemory(_position, _last - _position);
    public int Available => _last - _position;

    public void Begin(Passing passing)
    {
        _capacity = passing.Settings.BufferSize;
        if (_buffer.Length == 0)
        {
            _buffer = _capacity <= Worker.BufferSize ? passing.Worker.RentBuffer() : new byte[_capacity];
        }
        HasBytes = false;
        Restart();
    }

    private void Restart()
    {
        Status = 0;
        StatusText = default;
        ContentLength = -1;
        IsChunked = Closes = IsHeadless = false;
        if (!HasBytes)
        {
            _position = _last = 0;
        }
        _statusLine.Reset();
    }

    internal void Release(Worker worker)
    {
        if (_buffer.Length > 0)
        {
            worker.Return(_buffer);
            _buffer = [];
        }
    }

    /// <summary>One read that does not wait. For the body every byte of the buffer may be used again.</summary>
    public int TryFill(Passing passing)
    {
        if (_position == _last && _position > 0 && _headIsDone)
        {
            _position = _last = 0;
        }
        var limit = _headIsDone ? _buffer.Length : _capacity;
        if (_last == limit)
        {
            return 0;
        }
        var count = passing.Backend.TryRead(_buffer.AsSpan(_last, limit - _last));
        if (count > 0)
        {
            _last += count;
            HasBytes = true;
            passing.Attempt.BytesReceived += count;
        }
        return count;
    }

    public void Use(int count) => _position += count;

    private bool _headIsDone;

    /// <summary>Reads until the head is whole; interim answers (1xx) are passed over, early hints go to the client.</summary>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    public async ValueTask<PassResult> ReadHeadAsync(Passing passing)
    {
        passing.Log.Action = "reading response header from upstream";
        passing.Exchange.Upstream.Headers.Clear();
        _headIsDone = false;
        var timeout = (long)passing.Settings.ReadTimeout.TotalMilliseconds;
        while (true)
        {
            if (_position < _last || Status != 0)
            {
                var parsed = ParseHead(passing);
                if (parsed is { } result)
                {
                    _headIsDone = true;
                    return result;
                }
            }
            if (_last == _capacity)
            {
                passing.Log.Write(LogLevel.Error, "upstream sent too big header");
                return PassResult.InvalidHeader;
            }
            var count = TryFill(passing);
            if (count > 0)
            {
                continue;
            }
            if (count != -Errno.Again)
            {
                return Ended(passing, count);
            }
            if (passing.IsClientGone)
            {
                return PassResult.ClientGone;
            }
            if (!await passing.Wake.Within(timeout))
            {
                return PassResult.Timeout;
            }
        }
    }

    internal static PassResult Ended(Passing passing, int count)
    {
        if (count == 0)
        {
            passing.Log.Write(LogLevel.Error, "upstream prematurely closed connection");
        }
        else if (passing.Backend.Tls?.Error is { } error)
        {
            passing.Log.Write(error.IsPeerFault ? LogLevel.Error : LogLevel.Crit, error.ToString());
        }
        else
        {
            passing.Log.Write(LogLevel.Error, passing.Backend.Tls is null ? "recv() failed" : "SSL_read() failed", -count);
        }
        return PassResult.Error;
    }

    /// <returns>Null while it is not whole.</returns>
    private PassResult? ParseHead(Passing passing)
    {
        while (true)
        {
            if (Status == 0)
            {
                switch (_statusLine.Parse(_buffer.AsSpan(0, _last), ref _position))
                {
                    case StatusLineResult.Incomplete:
                        return null;
                    case StatusLineResult.Invalid:
                        passing.Log.Write(LogLevel.Error, "upstream sent no valid HTTP/1.0 header");
                        return Headless(passing);
                }
                Status = _statusLine.Status;
                passing.Attempt.Status = passing.Attempt.Status == 0 ? Status : passing.Attempt.Status;
                StatusText = passing.Exchange.Arena.Copy(_buffer.AsSpan(_statusLine.TextStart, _statusLine.TextEnd - _statusLine.TextStart));
                Closes = _statusLine.Version < 1001;
                _header.Reset(_position);
            }
            switch (_header.Parse(_buffer.AsSpan(0, _last), allowUnderscores: true))
            {
                case HeaderResult.Line:
                    if (!Take(passing))
                    {
                        return PassResult.InvalidHeader;
                    }
                    _position = _header.Next;
                    continue;
                case HeaderResult.Incomplete:
                    return null;
                case HeaderResult.Invalid:
                    var end = Math.Min(_header.Next, _last - 1);
                    passing.Log.Write(LogLevel.Error, $"upstream sent invalid header: \"{new Bytes(_buffer, _header.NameStart, Math.Max(0, end - _header.NameStart))}\\x{_buffer[end]:x2}...\"");
                    return PassResult.InvalidHeader;
            }
            _position = _header.Next;
            if (Status is >= 100 and < 200 && Status != 101)
            {
                // Interim: another head follows.
                passing.Exchange.Upstream.Headers.Clear();
                passing.Attempt.Status = 0;
                Restart();
                if (_position == _last)
                {
                    return null;
                }
                continue;
            }
            if (IsChunked)
            {
                ContentLength = -1;
            }
            return PassResult.Done;
        }
    }

    private PassResult Headless(Passing passing)
    {
        IsHeadless = true;
        Closes = true;
        Status = passing.Attempt.Status = 200;
        _position = 0;
        return PassResult.Done;
    }

    /// <summary>Keeps a line and looks at those that frame the body; two readings of them are refused as mainline refuses them.</summary>
    private bool Take(Passing passing)
    {
        var arena = passing.Exchange.Arena;
        var name = arena.Copy(_buffer.AsSpan(_header.NameStart, _header.NameEnd - _header.NameStart));
        var value = arena.Copy(_buffer.AsSpan(_header.ValueStart, _header.ValueEnd - _header.ValueStart));
        var headers = passing.Exchange.Upstream.Headers;
        switch (name.Length)
        {
            case 14 when name.EqualsIgnoreCase("Content-Length"u8):
                if (!headers.Find("Content-Length"u8).IsNull)
                {
                    passing.Log.Write(LogLevel.Error,
                        $"upstream sent duplicate header line: \"{name}: {value}\", previous value: \"Content-Length: {headers.Find("Content-Length"u8)}\"");
                    return false;
                }
                if (IsChunked)
                {
                    passing.Log.Write(LogLevel.Error, "upstream sent \"Content-Length\" and \"Transfer-Encoding\" headers at the same time");
                    return false;
                }
                if (!TryLength(value, out var length))
                {
                    passing.Log.Write(LogLevel.Error, $"upstream sent invalid \"Content-Length\" header: \"{name}: {value}\"");
                    return false;
                }
                ContentLength = length;
                break;
            case 17 when name.EqualsIgnoreCase("Transfer-Encoding"u8):
                if (!headers.Find("Transfer-Encoding"u8).IsNull)
                {
                    passing.Log.Write(LogLevel.Error,
                        $"upstream sent duplicate header line: \"{name}: {value}\", previous value: \"Transfer-Encoding: {headers.Find("Transfer-Encoding"u8)}\"");
                    return false;
                }
                if (!headers.Find("Content-Length"u8).IsNull)
                {
                    passing.Log.Write(LogLevel.Error, "upstream sent \"Content-Length\" and \"Transfer-Encoding\" headers at the same time");
                    return false;
                }
                if (!value.EqualsIgnoreCase("chunked"u8))
                {
                    passing.Log.Write(LogLevel.Error, $"upstream sent unknown \"Transfer-Encoding\": \"{value}\"");
                    return false;
                }
                IsChunked = true;
                break;
            case 10 when name.EqualsIgnoreCase("Connection"u8):
                Closes |= value.ToString().Contains("close", StringComparison.OrdinalIgnoreCase);
                break;
        }
        headers.Add(new HeaderField(name, value));
        return true;
    }

    private static bool TryLength(ReadOnlySpan<byte> digits, out long length)
    {
        length = 0;
        foreach (var b in digits)
        {
            if (b is < (byte)'0' or > (byte)'9' || length > (long.MaxValue - 9) / 10)
            {
                return false;
            }
            length = (length * 10) + b - '0';
        }
        return !digits.IsEmpty;
    }
}
