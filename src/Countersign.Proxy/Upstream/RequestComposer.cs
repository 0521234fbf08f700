using System.Text;
using Countersign.Configuration;
using Countersign.Proxy.Request;
using Countersign.Proxy.Route;

namespace Countersign.Proxy.Upstream;

/// <summary>
/// The request as it goes to the backend: nginx's <c>ngx_http_proxy_create_request</c>. Host first, then what proxy_set_header says in
/// its order, then framing, then the client's own lines as they came, without those that belong to one connection.
/// </summary>
internal static class RequestComposer
{
    /// <summary>Client's lines that nginx replaces or drops (mainline's <c>ngx_http_proxy_headers</c>).</summary>
    private static readonly byte[][] Own =
    [
        "Host"u8.ToArray(), "Connection"u8.ToArray(), "Proxy-Connection"u8.ToArray(), "Content-Length"u8.ToArray(),
        "Transfer-Encoding"u8.ToArray(), "TE"u8.ToArray(), "Keep-Alive"u8.ToArray(), "Expect"u8.ToArray(), "Upgrade"u8.ToArray(),
    ];

    /// <returns>False with nginx's error logged.</returns>
    public static bool Compose(Passing passing, in ProxyUrl url)
    {
        var exchange = passing.Exchange;
        var settings = passing.Settings;
        var method = settings.MethodValue is { } other ? Values.Evaluate(exchange, other)
            : settings.Method is { } fixedMethod ? exchange.Arena.Copy(ByteText.ToBytes(fixedMethod))
            : exchange.MethodName;
        passing.IsHead = method.EqualsIgnoreCase("HEAD"u8);
        passing.SetBody = settings.SetBody is { } setBody ? Values.Evaluate(exchange, setBody) : default;
        var length = BodyLength(passing);
        exchange.Upstream.InternalBodyLength = length;
        var text = new ArenaText(exchange.Arena);
        text.Add(method);
        text.Add(" "u8);
        var uriStart = text.Length;
        if (!AddUri(ref text, exchange, url))
        {
            return false;
        }
        var uriLength = text.Length - uriStart;
        text.Add(settings.HttpVersion == "1.0" ? " HTTP/1.0\r\n"u8 : " HTTP/1.1\r\n"u8);
        AddHost(ref text, passing, url);
        AddSetHeaders(ref text, passing);
        if (passing.SendsChunks)
        {
            if (!IsSet(settings, "Transfer-Encoding"u8))
            {
                text.Add("Transfer-Encoding: chunked\r\n"u8);
            }
        }
        else if (length >= 0 && !IsSet(settings, "Content-Length"u8))
        {
            text.Add("Content-Length: "u8);
            text.Add(length);
            text.Add("\r\n"u8);
        }
        if (settings.PassRequestHeaders)
        {
            AddClientHeaders(ref text, exchange, settings);
        }
        text.Add("\r\n"u8);
        passing.Head = text.ToBytes();
        passing.Uri = passing.Head.Slice(uriStart, uriLength);
        return true;
    }

    /// <summary>-1: no body, or one whose length nobody knows.</summary>
    private static long BodyLength(Passing passing)
    {
        var exchange = passing.Exchange;
        if (!passing.SetBody.IsNull)
        {
            return passing.SetBody.Length;
        }
        if (!exchange.Body.HasContent)
        {
            return exchange.ContentLength;
        }
        if (exchange.IsBodyDiscarded)
        {
            return 0;
        }
        if (passing.SendsChunks)
        {
            return -1;
        }
        // A chunked body that has been read whole has a length by now.
        return exchange.IsChunked ? exchange.Body.Length : exchange.ContentLength;
    }

    private static bool AddUri(ref ArenaText text, Exchange exchange, in ProxyUrl url)
    {
        var before = text.Length;
        if (url.IsEvaluated && !url.Uri.IsEmpty)
        {
            SingleLine.AddUri(exchange, ref text, url.Uri);
        }
        else if (url.Uri.IsEmpty && exchange.IsUriUntouched)
        {
            text.Add(exchange.UnparsedUri);
        }
        else
        {
            var cut = 0;
            if (exchange.IsLocationValid && !url.Uri.IsEmpty)
            {
                cut = Math.Min(url.LocationPrefix.Length, exchange.Uri.Length);
                text.Add(url.Uri);
            }
            var rest = exchange.Uri.Slice(cut, exchange.Uri.Length - cut);
            SingleLine.AddUri(exchange, ref text, exchange.IsInternal || IsQuoted(exchange.UnparsedUri) ? UriText.EscapePath(exchange.Arena, rest) : rest);
            if (!exchange.Arguments.IsEmpty)
            {
                text.Add("?"u8);
                SingleLine.AddUri(exchange, ref text, exchange.Arguments);
            }
        }
        if (text.Length == before)
        {
            exchange.Log.Write(LogLevel.Error, "zero length URI to proxy");
            return false;
        }
        return true;
    }

    /// <summary>Something in the path was escaped; a path that was not is passed on with whatever bytes it has.</summary>
    private static bool IsQuoted(ReadOnlySpan<byte> unparsedUri)
    {
        var question = unparsedUri.IndexOf((byte)'?');
        return (question < 0 ? unparsedUri : unparsedUri[..question]).Contains((byte)'%');
    }

    private static void AddHost(ref ArenaText text, Passing passing, in ProxyUrl url)
    {
        Bytes host = default;
        var isSet = false;
        var headers = passing.Settings.SetHeaders;
        for (var index = 0; index < headers.Count; index++)
        {
            var header = headers[index];
            if (header.Name.Equals("Host", StringComparison.OrdinalIgnoreCase))
            {
                isSet = true;
                host = Values.Evaluate(passing.Exchange, header.Value);
            }
        }
        // As mainline: HTTP/1.1 has to have a Host, so an empty one is not left out.
        if (!isSet || (host.IsEmpty && passing.Settings.HttpVersion == "1.1"))
        {
            host = url.HostHeader;
        }
        if (!host.IsEmpty)
        {
            text.Line("Host"u8, SingleLine.Value(passing.Exchange, host));
        }
    }

    private static void AddSetHeaders(ref ArenaText text, Passing passing)
    {
        var headers = passing.Settings.SetHeaders;
        var names = passing.Exchange.Generation.Backends.NamesOf(passing.Settings);
        for (var index = 0; index < headers.Count; index++)
        {
            if (headers[index].Name.Equals("Host", StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }
            var value = Values.Evaluate(passing.Exchange, headers[index].Value);
            if (!value.IsEmpty)
            {
                text.Line(names[index], SingleLine.Value(passing.Exchange, value));
            }
        }
    }

    private static void AddClientHeaders(ref ArenaText text, Exchange exchange, ProxySettings settings)
    {
        var names = exchange.Generation.Backends.NamesOf(settings);
        foreach (ref readonly var field in exchange.Headers.Fields)
        {
            if (!Contains(Own, field.Name) && !Contains(names, field.Name))
            {
                text.Line(field.Name, field.Value);
            }
        }
    }

    private static bool IsSet(ProxySettings settings, ReadOnlySpan<byte> name)
    {
        for (var index = 0; index < settings.SetHeaders.Count; index++)
        {
            var header = settings.SetHeaders[index];
            if (header.Name.Length == name.Length && Ascii.EqualsIgnoreCase(header.Name, name))
            {
                return true;
            }
        }
        return false;
    }

    private static bool Contains(byte[][] names, Bytes name)
    {
        foreach (var known in names)
        {
            if (name.EqualsIgnoreCase(known))
            {
                return true;
            }
        }
        return false;
    }
}
