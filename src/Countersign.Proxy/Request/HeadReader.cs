using System.Runtime.CompilerServices;
using Countersign.Configuration;
using Countersign.Native;
using Countersign.Proxy.Handshake;

namespace Countersign.Proxy.Request;

/// <summary>
/// Reads the head of a request: request line, then header lines, each judged as it comes and in nginx's words
/// (<c>ngx_http_process_request_line</c>, <c>_headers</c>). A client that sends one byte a second is dropped after client_header_timeout.
/// </summary>
public sealed class HeadReader
{
    /// <summary>No answer is possible any more; <see cref="Exchange.Response"/> has the status for the log.</summary>
    public const int Gone = -1;

    private readonly RequestLineParser _line = new();
    private readonly HeaderLineParser _header = new();
    private long _deadline;
    private int _largeBuffers;

    /// <returns>0, a status to answer with (400, 414, 494, 501, 505, 405, 421), or <see cref="Gone"/>.</returns>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    public async ValueTask<int> ReadAsync(Exchange exchange)
    {
        var loop = exchange.Worker.Loop;
        _deadline = exchange.Client.Requests == 1
            ? exchange.Client.FirstHeadDeadline
            : loop.Now + (long)exchange.Server.Settings.ClientHeaderTimeout.TotalMilliseconds;
        _largeBuffers = 0;
        var input = exchange.Input;
        exchange.Log.Action = exchange.Client.Requests > 1 && input.Available > 0
            ? "reading client pipelined request line"
            : "reading client request line";
        _line.Reset(input.Position);
        LineResult line;
        while ((line = _line.Parse(input.Buffer.AsSpan(0, input.Last))) == LineResult.Incomplete)
        {
            if (input.IsFull && !GrowLine(exchange))
            {
                exchange.RequestLine = new Bytes(input.Buffer, _line.Start, input.Last - _line.Start);
                return Refuse(exchange, 414, "client sent too long URI");
            }
            var filled = await FillAsync(exchange);
            if (filled <= 0)
            {
                return filled;
            }
        }
        if (line != LineResult.Done)
        {
            return BadLine(exchange, line);
        }
        input.Position = _line.Next;
        var status = TakeLine(exchange);
        if (status != 0 || exchange.Version < 1000)
        {
            return status != 0 ? status : RequestHeaders.Finish(exchange);
        }
        exchange.Log.Action = "reading client request headers";
        return await ReadHeadersAsync(exchange);
    }

    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private async ValueTask<int> ReadHeadersAsync(Exchange exchange)
    {
        var input = exchange.Input;
        var lineStart = input.Position;
        _header.Reset(lineStart);
        while (true)
        {
            switch (_header.Parse(input.Buffer.AsSpan(0, input.Last), exchange.Server.Settings.UnderscoresInHeaders))
            {
                case HeaderResult.Line:
                    exchange.RequestLength += _header.Next - lineStart;
                    var status = TakeHeader(exchange);
                    if (status != 0)
                    {
                        return status;
                    }
                    lineStart = input.Position = _header.Next;
                    continue;
                case HeaderResult.End:
                    exchange.RequestLength += _header.Next - lineStart;
                    input.Position = _header.Next;
                    return RequestHeaders.Finish(exchange);
                case HeaderResult.Invalid:
                    var end = Math.Min(_header.FaultAt, input.Last - 1);
                    return Refuse(exchange, 400,
                        $"client sent invalid header line: \"{Text(exchange, lineStart, end)}\\x{input.Buffer[end]:x2}...\"");
            }
            if (input.IsFull)
            {
                if (!GrowHeader(exchange, lineStart))
                {
                    exchange.LingeringClose = true;
                    return Refuse(exchange, 494, _header.Next == lineStart
                        ? "client sent too large request"
                        : $"client sent too long header line: \"{Text(exchange, lineStart, Math.Min(input.Last, lineStart + 1748))}...\"");
                }
                lineStart = 0;
                _header.Reset(0);
            }
            var filled = await FillAsync(exchange);
            if (filled <= 0)
            {
                return filled;
            }
        }
    }

    /// <returns>Bytes read, or <see cref="Gone"/>.</returns>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private async ValueTask<int> FillAsync(Exchange exchange)
    {
        var loop = exchange.Worker.Loop;
        var channel = exchange.Client.Channel;
        int result;
        while ((result = exchange.Input.TryFill()) == -Errno.Again)
        {
            if (loop.Now >= _deadline || !await channel.Readable(_deadline - loop.Now))
            {
                exchange.Log.Write(LogLevel.Info, "client timed out", Errno.TimedOut);
                exchange.GiveUp(408);
                return Gone;
            }
        }
        if (result > 0)
        {
            return result;
        }
        if (result == 0)
        {
            ShowUnfinishedLine(exchange);
            exchange.Log.Write(LogLevel.Info, "client prematurely closed connection");
        }
        else
        {
            exchange.Log.WriteChannelError(channel, result, "recv()");
        }
        exchange.Log.Action = "reading client request headers";
        exchange.GiveUp(400);
        return Gone;
    }

    private int BadLine(Exchange exchange, LineResult line)
    {
        ShowUnfinishedLine(exchange);
        if (line == LineResult.InvalidHttp09Method)
        {
            exchange.Version = 9;
        }
        return line switch
        {
            LineResult.InvalidMethod => Refuse(exchange, 400, "client sent invalid method"),
            LineResult.InvalidVersion => Refuse(exchange, 505, "client sent invalid version"),
            LineResult.InvalidHttp09Method => Refuse(exchange, 400, "client sent invalid method in HTTP/0.9 request"),
            _ => Refuse(exchange, 400, "client sent invalid request"),
        };
    }

    private int TakeLine(Exchange exchange)
    {
        var buffer = exchange.Input.Buffer;
        exchange.RequestLine = new Bytes(buffer, _line.Start, _line.End - _line.Start);
        exchange.RequestLength = _line.Next - _line.Start;
        exchange.MethodName = new Bytes(buffer, _line.Start, _line.MethodEnd - _line.Start);
        exchange.Method = Methods.Parse(exchange.MethodName);
        exchange.Version = _line.Version;
        exchange.Protocol = _line.ProtocolStart < 0 ? default : new Bytes(buffer, _line.ProtocolStart, _line.End - _line.ProtocolStart);
        exchange.IsUriUntouched = !_line.EmptyPath;
        if (!TakeUri(exchange, buffer))
        {
            return Refuse(exchange, 400, "client sent invalid request");
        }
        if (_line.HostStart < 0)
        {
            return 0;
        }
        var host = new Bytes(buffer, _line.HostStart, _line.HostEnd - _line.HostStart);
        return HostName.TryValidate(host, out var length, out var port)
            ? RequestHeaders.SetHost(exchange, host.Slice(0, length), port)
            : Refuse(exchange, 400, "client sent invalid host in request line");
    }

    private bool TakeUri(Exchange exchange, byte[] buffer)
    {
        var raw = new Bytes(buffer, _line.UriStart, _line.UriEnd - _line.UriStart);
        if (!_line.NeedsNormalizing && !_line.EmptyPath)
        {
            var pathEnd = _line.ArgumentsStart < 0 ? _line.UriEnd : _line.ArgumentsStart - 1;
            exchange.Uri = raw.Slice(0, pathEnd - _line.UriStart);
            exchange.UnparsedUri = raw;
            // As nginx: nothing behind the question mark is no argument string, not an empty one.
            exchange.Arguments = _line.ArgumentsStart < 0 || _line.ArgumentsStart == _line.UriEnd
                ? default
                : new Bytes(buffer, _line.ArgumentsStart, _line.UriEnd - _line.ArgumentsStart);
            return true;
        }
        var path = exchange.Arena.Allocate(raw.Length + 1, out var uri);
        var length = UriNormalizer.Normalize(
            raw, _line.EmptyPath, exchange.Server.Settings.MergeSlashes, path, out var argumentsStart, out var argumentsEnd);
        if (length < 0)
        {
            // As nginx: $uri is there, and empty, and there is no $request_uri.
            exchange.Uri = new Bytes([]);
            return false;
        }
        exchange.Uri = uri.Slice(0, length);
        exchange.UnparsedUri = raw;
        exchange.Arguments = argumentsStart < 0 || argumentsStart == argumentsEnd ? default : raw.Slice(argumentsStart, argumentsEnd - argumentsStart);
        return true;
    }

    private int TakeHeader(Exchange exchange)
    {
        var buffer = exchange.Input.Buffer;
        var settings = exchange.Server.Settings;
        if (_header.IsInvalidName && settings.IgnoreInvalidHeaders)
        {
            if (exchange.Log.IsEnabled(LogLevel.Info))
            {
                exchange.Log.Write(LogLevel.Info,
                    $"client sent invalid header line: \"{Text(exchange, _header.NameStart, _header.ValueEnd)}\"");
            }
            return 0;
        }
        if (exchange.Headers.Count >= settings.MaxHeaders)
        {
            exchange.LingeringClose = true;
            return Refuse(exchange, 494, "client sent too many header lines");
        }
        var field = new HeaderField(
            new Bytes(buffer, _header.NameStart, _header.NameEnd - _header.NameStart),
            new Bytes(buffer, _header.ValueStart, _header.ValueEnd - _header.ValueStart));
        exchange.Headers.Add(field);
        return RequestHeaders.Take(exchange, field);
    }

    /// <summary>The line does not fit: on in a larger buffer, unless it is longer than one already.</summary>
    private bool GrowLine(Exchange exchange)
    {
        var input = exchange.Input;
        if (_line.MethodEnd < 0 && input.Buffer.AsSpan(_line.Start, input.Last - _line.Start).IndexOfAnyExcept((byte)'\r', (byte)'\n') < 0)
        {
            input.Clear();
            _line.Reset(0);
            return true;
        }
        var grown = Grow(exchange, _line.Start);
        _line.Reset(grown ? 0 : _line.Start);
        return grown;
    }

    private bool GrowHeader(Exchange exchange, int lineStart) => Grow(exchange, lineStart);

    private bool Grow(Exchange exchange, int keep)
    {
        var settings = exchange.Server.Settings;
        if (exchange.Input.Last - keep >= settings.LargeClientHeaderBuffersSize || _largeBuffers == settings.LargeClientHeaderBuffersCount)
        {
            return false;
        }
        _largeBuffers++;
        exchange.Input.Move(keep, settings.LargeClientHeaderBuffersSize);
        return true;
    }

    /// <summary>For the log: what there is of a line that never ended.</summary>
    private void ShowUnfinishedLine(Exchange exchange)
    {
        if (!exchange.RequestLine.IsEmpty)
        {
            return;
        }
        var sent = exchange.Input.Buffer.AsSpan(_line.Start, exchange.Input.Last - _line.Start);
        var end = sent.IndexOfAny((byte)'\r', (byte)'\n');
        exchange.RequestLine = new Bytes(exchange.Input.Buffer, _line.Start, end < 0 ? sent.Length : end);
    }

    private static int Refuse(Exchange exchange, int status, string text)
    {
        exchange.Log.Write(LogLevel.Info, text);
        return status;
    }

    private static string Text(Exchange exchange, int start, int end) =>
        new Bytes(exchange.Input.Buffer, start, Math.Max(0, end - start)).ToString();
}
