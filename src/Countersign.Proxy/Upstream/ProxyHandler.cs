using Countersign.Proxy.Request;
using Countersign.Proxy.Route;

namespace Countersign.Proxy.Upstream;

/// <summary>The content of a location with proxy_pass: asks a backend and hands its answer on.</summary>
public static class ProxyHandler
{
    /// <summary>Answers the request, or hands it back to the router (an error page, X-Accel-Redirect).</summary>
    public static ValueTask<RouteStep> RunAsync(Exchange exchange) => throw new NotImplementedException();
}
