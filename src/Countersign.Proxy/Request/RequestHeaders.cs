using System.Text;
using Countersign.Configuration;
using Countersign.Proxy.Handshake;
using Countersign.Proxy.Identify;

namespace Countersign.Proxy.Request;

/// <summary>
/// What header lines mean for the request itself, checked the moment each comes, as nginx does: Host chooses the server, framing
/// that two readers could understand differently is refused.
/// </summary>
public static class RequestHeaders
{
    /// <summary>Header lines of which a request may have one only (<c>ngx_http_process_unique_header_line</c>).</summary>
    private static readonly byte[][] Unique =
    [
        "If-Modified-Since"u8.ToArray(), "If-Unmodified-Since"u8.ToArray(), "If-Match"u8.ToArray(), "If-None-Match"u8.ToArray(),
        "Content-Length"u8.ToArray(), "Content-Range"u8.ToArray(), "If-Range"u8.ToArray(), "Transfer-Encoding"u8.ToArray(),
        "Expect"u8.ToArray(), "Authorization"u8.ToArray(), "Proxy-Authorization"u8.ToArray(),
    ];

    /// <returns>0, or a status to answer with.</returns>
    public static int Take(Exchange exchange, in HeaderField field)
    {
        var name = field.Name;
        switch (name.Length)
        {
            case 4 when name.EqualsIgnoreCase("Host"u8):
                return TakeHost(exchange, field);
            case 10 when name.EqualsIgnoreCase("Connection"u8):
                if (Contains(field.Value, "close"u8))
                {
                    exchange.ConnectionType = ConnectionType.Close;
                }
                else if (Contains(field.Value, "keep-alive"u8))
                {
                    exchange.ConnectionType = ConnectionType.KeepAlive;
                }
                return 0;
            case 6 or 7 or 8 or 13 or 14 or 17 or 19:
                return TakeUnique(exchange, field);
            default:
                return 0;
        }
    }

    /// <summary>The head is whole (<c>ngx_http_process_request_header</c>).</summary>
    /// <returns>0, or a status to answer with.</returns>
    public static int Finish(Exchange exchange)
    {
        if (exchange.Host.IsEmpty && SetServer(exchange, default) is var misdirected and not 0)
        {
            return misdirected;
        }
        if (exchange.HostHeader.IsNull && exchange.Version > 1000)
        {
            return Refuse(exchange, 400, "client sent HTTP/1.1 request without \"Host\" header");
        }
        var length = exchange.Headers.Find("Content-Length"u8);
        if (!length.IsNull && (exchange.ContentLength = ParseLength(length)) < 0)
        {
            return Refuse(exchange, 400, "client sent invalid \"Content-Length\" header");
        }
        var encoding = exchange.Headers.Find("Transfer-Encoding"u8);
        if (!encoding.IsNull)
        {
            if (exchange.Version < 1001)
            {
                return Refuse(exchange, 400, "client sent HTTP/1.0 request with \"Transfer-Encoding\" header");
            }
            if (!encoding.EqualsIgnoreCase("chunked"u8))
            {
                return Refuse(exchange, 501, $"client sent unknown \"Transfer-Encoding\": \"{encoding}\"");
            }
            if (!length.IsNull)
            {
                return Refuse(exchange, 400, "client sent \"Content-Length\" and \"Transfer-Encoding\" headers at the same time");
            }
            exchange.IsChunked = true;
        }
        exchange.ExpectsContinue = exchange.Version >= 1001
            && exchange.Headers.Find("Expect"u8) is { IsNull: false } expect && expect.EqualsIgnoreCase("100-continue"u8);
        return exchange.Method switch
        {
            Method.Connect => Refuse(exchange, 405, "client sent CONNECT method"),
            Method.Trace => Refuse(exchange, 405, "client sent TRACE method"),
            _ => 0,
        };
    }

    /// <summary>Host of the request line or of the Host header: the first of them chooses the server.</summary>
    public static int SetHost(Exchange exchange, Bytes host, int port)
    {
        if (host.Span.IndexOfAnyInRange((byte)'A', (byte)'Z') >= 0)
        {
            Ascii.ToLower(host, exchange.Arena.Allocate(host.Length, out var lower), out _);
            host = lower;
        }
        var status = SetServer(exchange, host);
        exchange.Host = host;
        exchange.HostPort = port;
        return status;
    }

    private static int TakeHost(Exchange exchange, in HeaderField field)
    {
        if (!exchange.HostHeader.IsNull)
        {
            return Refuse(exchange, 400,
                $"client sent duplicate host header: \"{field.Name}: {field.Value}\", previous value: \"Host: {exchange.HostHeader}\"");
        }
        exchange.HostHeader = field.Value;
        if (!HostName.TryValidate(field.Value, out var length, out var port))
        {
            return Refuse(exchange, 400, "client sent invalid host header");
        }
        return exchange.Host.IsEmpty ? SetHost(exchange, field.Value.Slice(0, length), port) : 0;
    }

    private static int TakeUnique(Exchange exchange, in HeaderField field)
    {
        foreach (var unique in Unique)
        {
            if (!field.Name.EqualsIgnoreCase(unique))
            {
                continue;
            }
            // The line itself is in the list already: another one before it is the duplicate.
            foreach (ref readonly var earlier in exchange.Headers.Fields[..^1])
            {
                if (earlier.Name.EqualsIgnoreCase(unique))
                {
                    return Refuse(exchange, 400, $"client sent duplicate header line: \"{field.Name}: {field.Value}\", "
                        + $"previous value: \"{earlier.Name}: {earlier.Value}\"");
                }
            }
            return 0;
        }
        return 0;
    }

    /// <summary>nginx's <c>ngx_http_set_virtual_server</c>: a client that was verified for one server is not let into another (421).</summary>
    private static int SetServer(Exchange exchange, Bytes host)
    {
        var client = exchange.Client;
        if (client.NegotiatedName is { } negotiated && host.Equals(negotiated))
        {
            if (client.NegotiatedPattern is not null)
            {
                _ = VirtualServers.Find(client.Address, host, exchange);
            }
            return 0;
        }
        var server = VirtualServers.Find(client.Address, host, exchange);
        if (ClientCheck.IsMisdirected(client.NegotiatedName is not null, server))
        {
            return Refuse(exchange, 421, ClientCheck.MisdirectedText);
        }
        exchange.Server = server;
        exchange.Location = server.Root;
        exchange.Log.Targets = server.Root.Core.ErrorLogs;
        return 0;
    }

    /// <summary>Digits only, within 63 bits; -1 otherwise.</summary>
    private static long ParseLength(ReadOnlySpan<byte> digits)
    {
        if (digits.IsEmpty)
        {
            return -1;
        }
        long value = 0;
        foreach (var b in digits)
        {
            if (b is < (byte)'0' or > (byte)'9' || value > (long.MaxValue - (b - '0')) / 10)
            {
                return -1;
            }
            value = (value * 10) + b - '0';
        }
        return value;
    }

    private static bool Contains(ReadOnlySpan<byte> text, ReadOnlySpan<byte> lower)
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

    private static int Refuse(Exchange exchange, int status, string text)
    {
        exchange.Log.Write(LogLevel.Info, text);
        return status;
    }
}
