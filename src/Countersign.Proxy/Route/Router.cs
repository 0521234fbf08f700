using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Countersign.Configuration;
using Countersign.Proxy.Request;

namespace Countersign.Proxy.Route;

/// <summary>nginx's phases, in their order: server rewrite, location, rewrite, access, try_files, content.</summary>
public static class Router
{
    /// <summary>Takes a request whose head was read and found good.</summary>
    public static ValueTask<RouteStep> RunAsync(Exchange exchange)
    {
        var outcome = Guard(exchange, Phases.FromServer);
        // The way of every proxied request: nothing is awaited and nothing is allocated.
        return outcome.Kind == OutcomeKind.Proxy ? new ValueTask<RouteStep>(RouteStep.Proxy) : FinishAsync(exchange, outcome);
    }

    /// <summary>Answers with a status of our own (400, 404, 495, 502, ...): an error_page that catches it, or the built-in page.
    /// What nginx calls ngx_http_finalize_request with a status.</summary>
    public static ValueTask<RouteStep> AnswerAsync(Exchange exchange, int status) => FinishAsync(exchange, Outcome.Of(status));

    /// <summary>ngx_http_internal_redirect: another URI of the same server (error_page, X-Accel-Redirect, index).</summary>
    public static ValueTask<RouteStep> RedirectAsync(Exchange exchange, Bytes uri, Bytes arguments) =>
        FinishAsync(exchange, Outcome.Redirect(uri, arguments));

    /// <summary>ngx_http_named_location.</summary>
    /// <param name="name">With its <c>@</c>.</param>
    public static ValueTask<RouteStep> NamedAsync(Exchange exchange, string name) =>
        FinishAsync(exchange, Outcome.Named(new Bytes(ByteText.ToBytes(name))));

    /// <summary>Goes on until the request is answered, or is a backend's to answer.</summary>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private static async ValueTask<RouteStep> FinishAsync(Exchange exchange, Outcome outcome)
    {
        while (true)
        {
            switch (outcome.Kind)
            {
                case OutcomeKind.Proxy:
                    return RouteStep.Proxy;
                case OutcomeKind.Done:
                    return RouteStep.Done;
                case OutcomeKind.Status:
                    outcome = ErrorPages.Decide(exchange, outcome.Status);
                    break;
                case OutcomeKind.Page:
                    outcome = await BuiltInPage.SendAsync(exchange, outcome.Status);
                    break;
                case OutcomeKind.Text:
                    outcome = await ReturnedText.SendAsync(exchange, outcome.Status, outcome.Text);
                    break;
                case OutcomeKind.File:
                    outcome = await StaticFile.RunAsync(exchange);
                    break;
                case OutcomeKind.Redirect:
                    outcome = Redirection.ToUri(exchange, outcome.Uri, outcome.Arguments);
                    outcome = outcome.Kind == OutcomeKind.Next ? Guard(exchange, Phases.FromServer) : outcome;
                    break;
                case OutcomeKind.Named:
                    outcome = Redirection.ToNamed(exchange, outcome.Uri);
                    outcome = outcome.Kind == OutcomeKind.Next ? Guard(exchange, Phases.FromLocation) : outcome;
                    break;
                default:
                    throw new InvalidOperationException($"{outcome.Kind} is no end of the phases");
            }
        }
    }

    private static Outcome Guard(Exchange exchange, Func<Exchange, Outcome> phases)
    {
        try
        {
            return phases(exchange);
        }
        catch (RegexMatchTimeoutException fault)
        {
            // As nginx when pcre_exec() hits its limit.
            exchange.Log.Write(LogLevel.Alert, $"matching \"{fault.Pattern}\" against \"{fault.Input}\" took too long");
            return Outcome.Of(500);
        }
    }
}
