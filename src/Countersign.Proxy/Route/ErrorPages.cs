using Countersign.Configuration;
using Countersign.Proxy.Request;

namespace Countersign.Proxy.Route;

/// <summary>What becomes of a status of our own (<c>ngx_http_special_response_handler</c>).</summary>
internal static class ErrorPages
{
    private static readonly Bytes Get = new("GET"u8.ToArray());

    public static Outcome Decide(Exchange exchange, int status)
    {
        if (EndsWithoutAnswer(exchange, status))
        {
            exchange.GiveUp(status);
            return Outcome.Done;
        }
        if (exchange.Log.IsEnabled(LogLevel.Debug))
        {
            exchange.Log.Write(LogLevel.Debug, $"http special response: {status}, \"{exchange.Uri}?{exchange.Arguments}\"");
        }
        exchange.ErrorStatus = status;
        if (status is 400 or 413 or 414 or 495 or 496 or 497 or 500 or 501)
        {
            exchange.KeepAlive = false;
        }
        if (status is 400 or 495 or 496 or 497)
        {
            exchange.LingeringClose = false;
        }
        exchange.Response.ContentType = default;
        return Caught(exchange, status) is { } page ? Follow(exchange, page) : Refused(exchange, status);
    }

    /// <summary>As nginx: a client that is gone or took too long gets no page, nor does return 444; a status below 300 says nothing
    /// by itself.</summary>
    private static bool EndsWithoutAnswer(Exchange exchange, int status) =>
        exchange.Response.IsSent || status is 408 or 444 or 499 || status < 300 && status is not (201 or 204);

    private static ErrorPage? Caught(Exchange exchange, int status)
    {
        var core = exchange.Location.Core;
        if (exchange.IsErrorPage || core.ErrorPages.Count == 0 || exchange.UriChangesLeft == 0)
        {
            return null;
        }
        exchange.IsErrorPage = !core.RecursiveErrorPages;
        for (var index = 0; index < core.ErrorPages.Count; index++)
        {
            if (core.ErrorPages[index].Status == status)
            {
                return core.ErrorPages[index];
            }
        }
        return null;
    }

    private static Outcome Follow(Exchange exchange, ErrorPage page)
    {
        if (page.Overwrite is not (0 or -1 or 200))
        {
            exchange.Body.Refuse();
        }
        if (page.Overwrite >= 0)
        {
            exchange.ErrorStatus = page.Overwrite;
        }
        var target = Values.Evaluate(exchange, page.Target);
        if (!target.IsEmpty && target.Span[0] == '/')
        {
            if (exchange.Method != Method.Head)
            {
                exchange.Method = Method.Get;
                exchange.MethodName = Get;
            }
            return Outcome.Internal(target);
        }
        if (!target.IsEmpty && target.Span[0] == '@')
        {
            return Outcome.Named(target);
        }
        Discard(exchange);
        if (page.Overwrite is not (301 or 302 or 303 or 307 or 308))
        {
            exchange.ErrorStatus = 302;
        }
        exchange.Response.Location = target;
        return Outcome.Page(exchange.ErrorStatus);
    }

    private static Outcome Refused(Exchange exchange, int status)
    {
        Discard(exchange);
        if (status is >= 494 and <= 497)
        {
            exchange.ErrorStatus = 400;
        }
        return Outcome.Page(status);
    }

    private static void Discard(Exchange exchange)
    {
        exchange.Body.Refuse();
        exchange.IsBodyDiscarded = true;
    }
}
