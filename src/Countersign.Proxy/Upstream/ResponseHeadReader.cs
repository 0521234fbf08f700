using System.Text;
using Countersign.Configuration;
using Countersign.Proxy.Request;

namespace Countersign.Proxy.Upstream;

/// <summary>
/// Reads a backend's head as it comes (<c>ngx_http_proxy_process_status_line</c>, <c>ngx_http_proxy_process_header</c>). Lines of which
/// there may be one only, and two readings of the body's length, are treated as mainline treats them.
/// </summary>
internal sealed class ResponseHeadReader
{
    private readonly StatusLineParser _statusLine = new();
    private readonly HeaderLineParser _header = new();

    /// <summary>Header lines of which nginx keeps the first.</summary>
    private static readonly byte[][] Unique =
    [
        "Status"u8.ToArray(), "Content-Type"u8.ToArray(), "Date"u8.ToArray(), "Last-Modified"u8.ToArray(), "ETag"u8.ToArray(),
        "Server"u8.ToArray(), "Location"u8.ToArray(), "Refresh"u8.ToArray(), "Expires"u8.ToArray(), "X-Accel-Expires"u8.ToArray(),
        "X-Accel-Redirect"u8.ToArray(), "X-Accel-Limit-Rate"u8.ToArray(),
    ];

    public void Reset() => _statusLine.Reset();

    /// <summary>Reads on after more has come. Interim answers (1xx) are passed over.</summary>
    /// <returns>Null while the head is not whole.</returns>
    public PassResult? Read(Passing passing)
    {
        var response = passing.Response;
        while (true)
        {
            if (response.StatusText.IsNull)
            {
                var position = response.Position;
                switch (_statusLine.Parse(response.Received, ref position))
                {
                    case StatusLineResult.Incomplete:
                        return null;
                    case StatusLineResult.Invalid:
                        return TakeHeadless(passing);
                }
                response.Position = position;
                if (!TakeStatus(passing))
                {
                    return PassResult.InvalidHeader;
                }
                _header.Reset(position);
            }
            switch (_header.Parse(response.Received, allowUnderscores: true))
            {
                case HeaderResult.Line:
                    response.Position = _header.Next;
                    if (!Take(passing))
                    {
                        return PassResult.InvalidHeader;
                    }
                    break;
                case HeaderResult.Incomplete:
                    return null;
                case HeaderResult.Invalid:
                    var end = Math.Min(_header.FaultAt, response.Last - 1);
                    var seen = new Bytes(response.Buffer, _header.NameStart, Math.Max(0, end - _header.NameStart));
                    passing.Log.Write(LogLevel.Error, $"upstream sent invalid header: \"{seen}\\x{response.Buffer[end]:x2}...\"");
                    return PassResult.InvalidHeader;
                default:
                    response.Position = _header.Next;
                    if (!IsInterim(response.Status))
                    {
                        return PassResult.Done;
                    }
                    response.Restart(passing);
                    passing.Attempt.Status = 0;
                    break;
            }
        }
    }

    private static bool IsInterim(int status) => status is >= 100 and < 200 and not 101;

    /// <summary>As nginx: what does not begin like HTTP/1 is an answer of HTTP/0.9, all body.</summary>
    private static PassResult TakeHeadless(Passing passing)
    {
        passing.Log.Write(LogLevel.Error, "upstream sent no valid HTTP/1.0 header");
        passing.Attempt.Status = 200;
        passing.Response.IsHeadless = passing.Response.Closes = true;
        return PassResult.Done;
    }

    private bool TakeStatus(Passing passing)
    {
        var response = passing.Response;
        response.Status = _statusLine.Status;
        response.StatusText = passing.Exchange.Arena.Copy(response.Received[_statusLine.TextStart.._statusLine.TextEnd]);
        passing.Attempt.Status = response.Status;
        if (_statusLine.Version >= 1001)
        {
            return true;
        }
        response.Closes = true;
        if (response.Status == 103)
        {
            passing.Log.Write(LogLevel.Error, "upstream sent HTTP/1.0 response with early hints");
            return false;
        }
        return true;
    }

    private bool Take(Passing passing)
    {
        var response = passing.Response;
        var arena = passing.Exchange.Arena;
        var headers = passing.Exchange.Upstream.Headers;
        var name = arena.Copy(response.Received[_header.NameStart.._header.NameEnd]);
        var field = new HeaderField(name, arena.Copy(response.Received[_header.ValueStart.._header.ValueEnd]));
        if (IsInterim(response.Status))
        {
            return true;
        }
        switch (name.Length)
        {
            case 14 when name.EqualsIgnoreCase("Content-Length"u8):
                if (!TakeLength(passing, field, headers))
                {
                    return false;
                }
                break;
            case 17 when name.EqualsIgnoreCase("Transfer-Encoding"u8):
                if (!TakeEncoding(passing, field, headers))
                {
                    return false;
                }
                break;
            case 10 when name.EqualsIgnoreCase("Connection"u8):
                response.Closes |= Mentions(field.Value, "close"u8);
                break;
            default:
                if (IsRepeated(passing, field, headers))
                {
                    return true;
                }
                break;
        }
        headers.Add(field);
        return true;
    }

    private static bool Mentions(ReadOnlySpan<byte> text, ReadOnlySpan<byte> lower)
    {
        for (var start = 0; start + lower.Length <= text.Length; start++)
        {
            if (Ascii.EqualsIgnoreCase(text.Slice(start, lower.Length), lower))
            {
                return true;
            }
        }
        return false;
    }

    private static bool TakeLength(Passing passing, in HeaderField field, HeaderList headers)
    {
        if (headers.IndexOf("Content-Length"u8) is var earlier and >= 0)
        {
            return Refuse(passing, Duplicate(field, headers[earlier]));
        }
        if (headers.IndexOf("Transfer-Encoding"u8) >= 0)
        {
            return Refuse(passing, BothFramings);
        }
        if (!TryLength(field.Value, out var length))
        {
            return Refuse(passing, $"upstream sent invalid \"Content-Length\" header: \"{field.Name}: {field.Value}\"");
        }
        passing.Response.ContentLength = length;
        return true;
    }

    private static bool TakeEncoding(Passing passing, in HeaderField field, HeaderList headers)
    {
        if (headers.IndexOf("Transfer-Encoding"u8) is var earlier and >= 0)
        {
            return Refuse(passing, Duplicate(field, headers[earlier]));
        }
        if (headers.IndexOf("Content-Length"u8) >= 0)
        {
            return Refuse(passing, BothFramings);
        }
        if (!field.Value.EqualsIgnoreCase("chunked"u8))
        {
            return Refuse(passing, $"upstream sent unknown \"Transfer-Encoding\": \"{field.Value}\"");
        }
        passing.Response.IsChunked = true;
        return true;
    }

    private const string BothFramings = "upstream sent \"Content-Length\" and \"Transfer-Encoding\" headers at the same time";

    private static bool IsRepeated(Passing passing, in HeaderField field, HeaderList headers)
    {
        foreach (var unique in Unique)
        {
            if (!field.Name.EqualsIgnoreCase(unique))
            {
                continue;
            }
            if (headers.IndexOf(unique) is not (var earlier and >= 0))
            {
                return false;
            }
            passing.Log.Write(LogLevel.Warn, Duplicate(field, headers[earlier]) + ", ignored");
            return true;
        }
        return false;
    }

    private static string Duplicate(in HeaderField field, in HeaderField earlier) =>
        $"upstream sent duplicate header line: \"{field.Name}: {field.Value}\", previous value: \"{earlier.Name}: {earlier.Value}\"";

    private static bool Refuse(Passing passing, string text)
    {
        passing.Log.Write(LogLevel.Error, text);
        return false;
    }

    private static bool TryLength(ReadOnlySpan<byte> digits, out long length)
    {
        length = 0;
        foreach (var b in digits)
        {
            if (b is < (byte)'0' or > (byte)'9' || length > (long.MaxValue - (b - '0')) / 10)
            {
                return false;
            }
            length = (length * 10) + b - '0';
        }
        return !digits.IsEmpty;
    }
}
