using Countersign.Proxy.Request;

namespace Countersign.Proxy.Route;

/// <summary>nginx's phases, in their order: server rewrite, location, rewrite, access, try_files, content.</summary>
public static class Router
{
    /// <summary>Takes a request whose head was read and found good.</summary>
    public static ValueTask<RouteStep> RunAsync(Exchange exchange) => throw new NotImplementedException();

    /// <summary>Answers with a status of our own (400, 404, 495, 502, ...): an error_page that catches it, or the built-in page.
    /// What nginx calls ngx_http_finalize_request with a status.</summary>
    public static ValueTask<RouteStep> AnswerAsync(Exchange exchange, int status) => throw new NotImplementedException();

    /// <summary>ngx_http_internal_redirect: another URI of the same server (error_page, X-Accel-Redirect, index).</summary>
    public static ValueTask<RouteStep> RedirectAsync(Exchange exchange, Bytes uri, Bytes arguments) => throw new NotImplementedException();

    /// <summary>ngx_http_named_location.</summary>
    public static ValueTask<RouteStep> NamedAsync(Exchange exchange, string name) => throw new NotImplementedException();
}
