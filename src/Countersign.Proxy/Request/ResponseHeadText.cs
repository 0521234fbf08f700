using System.Buffers.Text;
using Countersign.Configuration;
using Countersign.Native;

namespace Countersign.Proxy.Request;

/// <summary>The head of an answer as bytes, in the order of nginx's header filter.</summary>
public static class ResponseHeadText
{
    /// <summary>Whether the body goes in chunks; where it cannot and its length is not known, the end of the connection ends it.</summary>
    public static bool DecideFraming(Exchange exchange)
    {
        var response = exchange.Response;
        if (response.Status is 304 or 204 or < 200 || exchange.Method == Method.Head)
        {
            return false;
        }
        if (response.ContentLength >= 0 && !response.ExpectsTrailers)
        {
            return false;
        }
        if (exchange.Version >= 1001 && exchange.Location.Core.ChunkedTransferEncoding)
        {
            response.ContentLength = -1;
            return true;
        }
        if (response.ContentLength < 0)
        {
            exchange.KeepAlive = false;
        }
        return false;
    }

    /// <param name="head">The worker's scratch when it is large enough: to be copied before anything else is composed.</param>
    /// <returns>Length.</returns>
    public static int Compose(Exchange exchange, bool chunked, out byte[] head)
    {
        Prepare(exchange);
        var size = Measure(exchange);
        head = size <= Worker.BufferSize ? exchange.Worker.HeadScratch : new byte[size];
        var text = new Composer(head);
        var response = exchange.Response;
        text.Add("HTTP/1.1 "u8);
        if (!response.StatusText.IsNull)
        {
            text.Add(response.StatusText);
        }
        else
        {
            var words = StatusWords.Of(response.Status);
            text.Add(response.Status, "D3");
            text.Add(" "u8);
            text.Add(words);
        }
        text.Add("\r\n"u8);
        AddServer(ref text, exchange);
        if (response.Date.IsNull)
        {
            text.Line("Date: "u8, exchange.Worker.Clock.Http);
        }
        if (!response.ContentType.IsEmpty)
        {
            text.Add("Content-Type: "u8);
            text.Add(response.ContentType);
            if (!response.Charset.IsEmpty)
            {
                text.Add("; charset="u8);
                text.Add(response.Charset);
            }
            text.Add("\r\n"u8);
        }
        if (response.ContentLength >= 0)
        {
            text.Add("Content-Length: "u8);
            text.Add(response.ContentLength);
            text.Add("\r\n"u8);
        }
        if (response.LastModified >= 0 && response.LastModifiedText.IsNull)
        {
            text.Add("Last-Modified: "u8);
            text.AddDate(response.LastModified);
            text.Add("\r\n"u8);
        }
        AddLocation(ref text, exchange);
        if (chunked)
        {
            text.Add("Transfer-Encoding: chunked\r\n"u8);
        }
        if (response.Status == 101)
        {
            text.Add("Connection: upgrade\r\n"u8);
        }
        else if (exchange.KeepAlive)
        {
            text.Add("Connection: keep-alive\r\n"u8);
            if (exchange.Location.Core.KeepaliveHeader is { TotalSeconds: > 0 } keepalive)
            {
                text.Add("Keep-Alive: timeout="u8);
                text.Add((long)keepalive.TotalSeconds);
                text.Add("\r\n"u8);
            }
        }
        else
        {
            text.Add("Connection: close\r\n"u8);
        }
        foreach (ref readonly var field in response.Headers.Fields)
        {
            text.Add(field.Name);
            text.Line(": "u8, field.Value);
        }
        text.Add("\r\n"u8);
        return text.Length;
    }

    private static void Prepare(Exchange exchange)
    {
        var response = exchange.Response;
        if (response.Status is not (200 or 206 or 304))
        {
            response.LastModified = -1;
        }
        // As nginx: a backend's own 204 keeps what it says of its content.
        if (response.Status == 204 && response.StatusText.IsNull)
        {
            response.ContentType = default;
            response.ContentLength = -1;
        }
        if (exchange.Generation.IsRetired)
        {
            exchange.KeepAlive = false;
        }
    }

    private static void AddServer(ref Composer text, Exchange exchange)
    {
        var response = exchange.Response;
        if (!response.Server.IsNull)
        {
            return;
        }
        switch (exchange.Location.Core.ServerTokens)
        {
            case ServerTokens.On:
                text.Add(FullLine);
                break;
            case ServerTokens.Build:
                text.Add(BuildLine);
                break;
            case ServerTokens.Off:
                text.Add(NameLine);
                break;
            case ServerTokens.Text when !response.ServerText.IsEmpty:
                text.Line("Server: "u8, response.ServerText);
                break;
            default:
                break;
        }
    }

    private static readonly byte[] FullLine = System.Text.Encoding.ASCII.GetBytes($"Server: {Signature.Full}\r\n");
    private static readonly byte[] BuildLine = System.Text.Encoding.ASCII.GetBytes($"Server: {Signature.Build}\r\n");
    private static readonly byte[] NameLine = System.Text.Encoding.ASCII.GetBytes($"Server: {Signature.Name}\r\n");

    /// <summary>A path of our own becomes a whole URL, as absolute_redirect says.</summary>
    private static void AddLocation(ref Composer text, Exchange exchange)
    {
        var location = exchange.Response.Location;
        if (location.IsEmpty)
        {
            return;
        }
        var core = exchange.Location.Core;
        text.Add("Location: "u8);
        if (location.Span[0] == '/' && core.AbsoluteRedirect)
        {
            var start = text.Length;
            var client = exchange.Client;
            var isTls = client.Tls is not null;
            text.Add(isTls ? "https://"u8 : "http://"u8);
            if (core.ServerNameInRedirect)
            {
                text.AddLatin(exchange.Server.Name);
            }
            else if (!exchange.Host.IsEmpty)
            {
                text.Add(exchange.Host);
            }
            else
            {
                text.Advance(client.Local.Format(text.Rest, withPort: false));
            }
            var port = client.Local.Port;
            if (core.PortInRedirect && port != (isTls ? 443 : 80))
            {
                text.Add(":"u8);
                text.Add(port);
            }
            text.Add(location);
            // $sent_http_location shows what was sent.
            exchange.Response.Location = exchange.Arena.Copy(text.From(start));
        }
        else
        {
            text.Add(location);
        }
        text.Add("\r\n"u8);
    }

    /// <summary>An upper bound.</summary>
    private static int Measure(Exchange exchange)
    {
        const int FixedLines = 512;
        var response = exchange.Response;
        var size = FixedLines + response.StatusText.Length + response.ContentType.Length + response.Charset.Length + response.ServerText.Length
            + response.Location.Length + exchange.Host.Length + exchange.Server.Name.Length + SocketAddressText.MaximumLength;
        foreach (ref readonly var field in response.Headers.Fields)
        {
            size += field.Name.Length + field.Value.Length + 4;
        }
        return size;
    }

    private ref struct Composer(byte[] buffer)
    {
        public int Length { get; private set; }

        public readonly Span<byte> Rest => buffer.AsSpan(Length);

        public readonly ReadOnlySpan<byte> From(int start) => buffer.AsSpan(start, Length - start);

        public void Advance(int count) => Length += count;

        public void Add(ReadOnlySpan<byte> bytes)
        {
            bytes.CopyTo(Rest);
            Length += bytes.Length;
        }

        public void Add(long number, string? format = null)
        {
            _ = Utf8Formatter.TryFormat(number, Rest, out var count, format is null ? default : System.Buffers.StandardFormat.Parse(format));
            Length += count;
        }

        public void AddLatin(string text) => Length += System.Text.Encoding.Latin1.GetBytes(text, Rest);

        public void AddDate(long unixSeconds)
        {
            _ = Utf8Formatter.TryFormat(DateTimeOffset.FromUnixTimeSeconds(unixSeconds), Rest, out var count, 'R');
            Length += count;
        }

        public void Line(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
        {
            Add(name);
            Add(value);
            Add("\r\n"u8);
        }
    }
}
