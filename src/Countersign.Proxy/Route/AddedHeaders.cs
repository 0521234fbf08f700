using Countersign.Configuration;
using Countersign.Proxy.Request;

namespace Countersign.Proxy.Route;

/// <summary>expires, add_header and add_trailer (<c>ngx_http_headers_filter_module</c>).</summary>
internal static class AddedHeaders
{
    public static void Apply(Exchange exchange)
    {
        var settings = exchange.Location.Headers;
        var isSafe = IsSafe(exchange.Response.Status);
        if (settings.Expires != ExpiresKind.Off && isSafe)
        {
            Expires.Apply(exchange, settings);
        }
        for (var index = 0; index < settings.AddHeaders.Count; index++)
        {
            var header = settings.AddHeaders[index];
            if (isSafe || header.Always)
            {
                Add(exchange, header);
            }
        }
        for (var index = 0; index < settings.AddTrailers.Count; index++)
        {
            if (isSafe || settings.AddTrailers[index].Always)
            {
                exchange.Response.ExpectsTrailers = true;
                exchange.Response.AddTrailers = AddTrailers;
                return;
            }
        }
    }

    /// <summary>Statuses that get what has no <c>always</c>.</summary>
    private static bool IsSafe(int status) => status is 200 or 201 or 204 or 206 or 301 or 302 or 303 or 304 or 307 or 308;

    private static void Add(Exchange exchange, AddHeader header)
    {
        var response = exchange.Response;
        var value = Values.Evaluate(exchange, header.Value);
        var name = new Bytes(header.NameBytes);
        if (name.EqualsIgnoreCase("Last-Modified"u8))
        {
            Set(response.Headers, name, value);
            response.LastModified = value.IsEmpty ? -1 : HttpTime.Parse(value);
            response.LastModifiedText = value.IsEmpty ? default : value;
        }
        else if (name.EqualsIgnoreCase("ETag"u8))
        {
            Set(response.Headers, name, value);
            response.Etag = value.IsEmpty ? default : value;
        }
        else if (!value.IsEmpty)
        {
            response.Headers.Add(new HeaderField(name, value));
        }
    }

    /// <summary>In the place of one that is there; an empty value takes it away.</summary>
    private static void Set(HeaderList headers, Bytes name, Bytes value)
    {
        var index = headers.IndexOf(name);
        if (index < 0 && !value.IsEmpty)
        {
            headers.Add(new HeaderField(name, value));
        }
        else if (index >= 0 && value.IsEmpty)
        {
            headers.RemoveAt(index);
        }
        else if (index >= 0)
        {
            headers.Replace(index, new HeaderField(name, value));
        }
    }

    /// <summary>As nginx: worked out when the body has gone, so that they may tell of it.</summary>
    private static void AddTrailers(Exchange exchange)
    {
        var trailers = exchange.Location.Headers.AddTrailers;
        var isSafe = IsSafe(exchange.Response.Status);
        for (var index = 0; index < trailers.Count; index++)
        {
            if (!isSafe && !trailers[index].Always)
            {
                continue;
            }
            var value = Values.Evaluate(exchange, trailers[index].Value);
            if (!value.IsEmpty)
            {
                exchange.Response.Trailers.Add(new HeaderField(new Bytes(trailers[index].NameBytes), value));
            }
        }
    }
}
