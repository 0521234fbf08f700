using Countersign.Configuration;
using Countersign.Proxy.Request;
using Countersign.Proxy.Route;

namespace Countersign.Proxy.Upstream;

/// <summary>
/// From the backend's header lines to the client's (<c>ngx_http_upstream_process_headers</c>): hidden ones are left out, those of one
/// connection are dropped, Location, Refresh and Set-Cookie are rewritten, the rest is passed on as it came.
/// </summary>
internal static class ResponseHeaders
{
    public static void Copy(Passing passing)
    {
        var exchange = passing.Exchange;
        var response = exchange.Response;
        var backend = passing.Response;
        if (backend.IsHeadless)
        {
            // As nginx: HTTP/0.9 goes on as such, without a head.
            exchange.Version = 9;
            response.Status = 0;
            return;
        }
        var hidden = exchange.Generation.Backends.HiddenOf(passing.Settings);
        foreach (ref readonly var field in exchange.Upstream.Headers.Fields)
        {
            if (!Contains(hidden, field.Name))
            {
                Copy(passing, field);
            }
        }
        // One that may pass and is not there must not be replaced by ours.
        if (response.Server.IsNull && !Contains(hidden, ServerName))
        {
            response.Server = Empty;
        }
        if (response.Date.IsNull && !Contains(hidden, DateName))
        {
            response.Date = Empty;
        }
        response.Status = backend.Status;
        response.StatusText = backend.StatusText;
        response.ContentLength = backend.ContentLength;
        response.AllowRanges = response.IsSingleRange = passing.Settings.ForceRanges;
        WarnOfCharset(passing);
    }

    private static readonly Bytes Empty = new([]);
    private static readonly Bytes ServerName = new("Server"u8.ToArray());
    private static readonly Bytes DateName = new("Date"u8.ToArray());

    /// <summary>X-Accel-Charset chooses among the charsets of the configuration, and there are none.</summary>
    private static void WarnOfCharset(Passing passing)
    {
        var charset = passing.Exchange.Upstream.Headers.Find("X-Accel-Charset"u8);
        if (!charset.IsEmpty && !passing.Exchange.Response.ContentType.IsEmpty && !Ignores(passing, "x-accel-charset"))
        {
            passing.Log.Write(LogLevel.Error, $"unknown charset \"{charset}\" to override");
        }
    }

    /// <summary>Before an X-Accel-Redirect: what of this answer still counts for the other one.</summary>
    public static void CopyForRedirect(Passing passing)
    {
        foreach (ref readonly var field in passing.Exchange.Upstream.Headers.Fields)
        {
            var name = field.Name;
            if (name.EqualsIgnoreCase("Content-Type"u8) || name.EqualsIgnoreCase("Set-Cookie"u8) || name.EqualsIgnoreCase("Content-Disposition"u8)
                || name.EqualsIgnoreCase("Cache-Control"u8) || name.EqualsIgnoreCase("Expires"u8) || name.EqualsIgnoreCase("Accept-Ranges"u8))
            {
                Copy(passing, field);
            }
        }
    }

    /// <summary>X-Accel-Buffering and X-Accel-Limit-Rate work whether or not they are passed on.</summary>
    public static void ObeyAccel(Passing passing, out bool buffers)
    {
        buffers = passing.Settings.Buffering;
        foreach (ref readonly var field in passing.Exchange.Upstream.Headers.Fields)
        {
            switch (field.Name.Length)
            {
                case 17 when field.Name.EqualsIgnoreCase("X-Accel-Buffering"u8) && !Ignores(passing, "x-accel-buffering"):
                    buffers = field.Value.EqualsIgnoreCase("yes"u8) || (!field.Value.EqualsIgnoreCase("no"u8) && buffers);
                    break;
                case 18 when field.Name.EqualsIgnoreCase("X-Accel-Limit-Rate"u8) && !Ignores(passing, "x-accel-limit-rate"):
                    if (long.TryParse(field.Value.Span, System.Globalization.NumberStyles.None, null, out var rate))
                    {
                        // Zero is a rate, too: without limit, whatever limit_rate says.
                        passing.Exchange.Writer.LimitRate = rate == 0 ? -1 : rate;
                    }
                    break;
            }
        }
    }

    public static bool Ignores(Passing passing, string lowerName) => passing.Settings.IgnoreHeaders.Contains(lowerName, StringComparer.OrdinalIgnoreCase);

    private static void Copy(Passing passing, in HeaderField field)
    {
        var response = passing.Exchange.Response;
        var name = field.Name;
        switch (name.Length)
        {
            case 4 when name.EqualsIgnoreCase("Date"u8):
                response.Date = field.Value;
                break;
            case 4 when name.EqualsIgnoreCase("ETag"u8):
                response.Etag = field.Value;
                break;
            case 6 when name.EqualsIgnoreCase("Server"u8):
                response.Server = field.Value;
                break;
            case 7 when name.EqualsIgnoreCase("Refresh"u8):
                response.Headers.Add(new HeaderField(name, Redirects.Refresh(passing, field.Value)));
                return;
            case 10 when name.EqualsIgnoreCase("Connection"u8) || name.EqualsIgnoreCase("Keep-Alive"u8):
            case 14 when name.EqualsIgnoreCase("Content-Length"u8):
            case 17 when name.EqualsIgnoreCase("Transfer-Encoding"u8):
                return;
            case 8 when name.EqualsIgnoreCase("Location"u8):
                TakeLocation(passing, field);
                return;
            case 10 when name.EqualsIgnoreCase("Set-Cookie"u8):
                response.Headers.Add(new HeaderField(name, Cookies.Rewrite(passing, field.Value)));
                return;
            case 12 when name.EqualsIgnoreCase("Content-Type"u8):
                response.ContentType = field.Value;
                return;
            case 13 when name.EqualsIgnoreCase("Last-Modified"u8):
                response.LastModifiedText = field.Value;
                response.LastModified = HttpTime.Parse(field.Value);
                break;
            case 13 when name.EqualsIgnoreCase("Accept-Ranges"u8) && passing.Settings.ForceRanges:
                return;
        }
        response.Headers.Add(field);
    }

    /// <summary>A path that proxy_redirect made is completed to a whole URL; one that the backend sent stays as it is.</summary>
    private static void TakeLocation(Passing passing, in HeaderField field)
    {
        var response = passing.Exchange.Response;
        if (Redirects.Apply(passing, field.Value) is { IsNull: false } rewritten)
        {
            if (!rewritten.IsEmpty && rewritten.Span[0] == '/' && passing.Exchange.Location.Core.AbsoluteRedirect)
            {
                response.Location = rewritten;
                return;
            }
            response.Headers.Add(new HeaderField(field.Name, rewritten));
            return;
        }
        response.Headers.Add(field);
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
