using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text;
using Countersign.Configuration;
using Countersign.Proxy.Request;

namespace Countersign.Proxy.Route;

/// <summary>nginx's own small pages, with our name at the bottom (<c>ngx_http_send_special_response</c>).</summary>
internal static class BuiltInPage
{
    private static readonly ConcurrentDictionary<(int Status, string Name), byte[]> Pages = new();

    private static readonly Bytes Html = new("text/html"u8.ToArray());

    private static readonly byte[] Padding = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(
        "<!-- a padding to disable MSIE and Chrome friendly error page -->\r\n", 6)));

    /// <param name="status">Which page; the status that is sent is <see cref="Exchange.ErrorStatus"/>.</param>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    public static async ValueTask<Outcome> SendAsync(Exchange exchange, int status)
    {
        var response = exchange.Response;
        // A text with variables may be another each time.
        var isOwnName = exchange.Location.Core.ServerTokens == ServerTokens.Text;
        var incident = Incident(exchange, status);
        var page = isOwnName || incident.Length > 0 ? Compose(status, Signed(exchange), incident) : Of(status, Signed(exchange));
        var isPadded = page.Length > 0 && status >= 400 && exchange.Version >= 1000 && exchange.Location.Core.MsiePadding
            && UserAgent.Of(exchange) is { IsMsie: true } or { IsChrome: true };
        response.ContentLength = page.Length + (isPadded ? Padding.Length : 0);
        if (page.Length > 0)
        {
            response.ContentType = Html;
            response.Charset = default;
        }
        Forget(response);
        var result = await Answer.SendHeadAsync(exchange);
        if (result == 0 && !exchange.Writer.IsHeadOnly && page.Length > 0)
        {
            result = await exchange.Writer.WriteAsync(page);
            result = result == 0 && isPadded ? await exchange.Writer.WriteAsync(Padding) : result;
        }
        if (result == 0)
        {
            result = await exchange.Writer.EndAsync();
        }
        return result == 0 ? Outcome.Done : Outcome.Failed(exchange, result);
    }

    /// <summary>What an answer that failed said of its own body.</summary>
    private static void Forget(ResponseHead response)
    {
        response.LastModified = -1;
        response.LastModifiedText = response.Etag = response.StatusText = default;
        response.AllowRanges = false;
        response.BodyRange = null;
        response.Parts = null;
        response.Headers.Remove("Content-Length"u8);
        response.Headers.Remove("Accept-Ranges"u8);
        response.Headers.Remove("Last-Modified"u8);
        response.Headers.Remove("ETag"u8);
    }

    private static string Signed(Exchange exchange) => exchange.Location.Core switch
    {
        { ServerTokens: ServerTokens.On } => Signature.Full,
        { ServerTokens: ServerTokens.Build } => Signature.Build,
        { ServerTokens: ServerTokens.Text, ServerTokensText: { } text } => Values.Evaluate(exchange, text).ToString(),
        _ => Signature.Name,
    };

    /// <summary>Of a client that was turned away: what its owner can tell the operator. The reason itself is the operator's alone.</summary>
    private static string Incident(Exchange exchange, int status) =>
        status is 421 or 495 or 496 or 497 && exchange.Server.Refusals.Page ? exchange.Client.Incident : "";

    /// <summary>The page's bytes; none for a status that has no page.</summary>
    internal static byte[] Of(int status, string name) => Pages.GetOrAdd((status, name), static key => Compose(key.Status, key.Name, ""));

    private static byte[] Compose(int status, string name, string incident)
    {
        if (Words(status) is not var (title, heading, explanation))
        {
            return [];
        }
        var line = (explanation is null ? "" : $"<center>{explanation}</center>\r\n") + (incident.Length > 0 ? $"<center>incident {incident}</center>\r\n" : "");
        return Encoding.Latin1.GetBytes(
            $"<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n<center><h1>{heading}</h1></center>\r\n{line}"
            + $"{(name.Length > 0 ? $"<hr><center>{name}</center>\r\n" : "")}</body>\r\n</html>\r\n");
    }

    private static (string Title, string Heading, string? Explanation)? Words(int status)
    {
        var explanation = status switch
        {
            494 => "Request Header Or Cookie Too Large",
            495 => "The SSL certificate error",
            496 => "No required SSL certificate was sent",
            497 => "The plain HTTP request was sent to HTTPS port",
            _ => null,
        };
        if (explanation is not null)
        {
            return ($"400 {explanation}", "400 Bad Request", explanation);
        }
        // Three pages have other words than their status line, and 498 borrows one.
        var words = status switch
        {
            302 => "Found",
            401 => "Authorization Required",
            498 => "Not Found",
            < 301 or 304 => "",
            _ => Encoding.ASCII.GetString(StatusWords.Of(status)),
        };
        var line = $"{(status == 498 ? 404 : status)} {words}";
        return words.Length == 0 ? null : (line, line, null);
    }
}
