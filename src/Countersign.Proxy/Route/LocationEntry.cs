using Countersign.Configuration;
using Countersign.Proxy.Request;

namespace Countersign.Proxy.Route;

/// <summary>Puts a location in force (<c>ngx_http_update_location_config</c>): limit_except, the error log, and whether its
/// keep-alive settings let the connection live on.</summary>
internal static class LocationEntry
{
    public static void Enter(Exchange exchange, LocationPlan location)
    {
        if (location.LimitExcept is { } limited && !Excepts(location.LimitExceptMethods, exchange.MethodName))
        {
            location = limited;
        }
        // As nginx: a handler that one if block sets outlives the next one, which has none.
        exchange.HasProxyHandler = location.ProxyPass is not null || (location.Kind == LocationKind.If && exchange.HasProxyHandler);
        exchange.Location = location;
        exchange.Log.Targets = location.Core.ErrorLogs;
        if (exchange.KeepAlive && !MayLive(exchange, location.Core))
        {
            exchange.KeepAlive = false;
        }
    }

    private static bool Excepts(IReadOnlyList<string> methods, ReadOnlySpan<byte> name)
    {
        for (var index = 0; index < methods.Count; index++)
        {
            if (System.Text.Ascii.Equals(name, methods[index]))
            {
                return true;
            }
        }
        return false;
    }

    private static bool MayLive(Exchange exchange, CoreSettings core)
    {
        var client = exchange.Client;
        if (core.KeepaliveTimeout == TimeSpan.Zero || client.Requests >= core.KeepaliveRequests
            || client.Worker.Loop.Now - client.Started > (long)core.KeepaliveTime.TotalMilliseconds)
        {
            return false;
        }
        // As nginx: old browsers that stall on a kept connection.
        return !(core.KeepaliveDisableMsie6 && exchange.Method == Method.Post && UserAgent.Of(exchange).IsMsie6)
            && !(core.KeepaliveDisableSafari && UserAgent.Of(exchange).IsSafari);
    }
}
