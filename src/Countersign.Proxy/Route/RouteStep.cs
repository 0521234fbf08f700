namespace Countersign.Proxy.Route;

/// <summary>What is to be done next with a request.</summary>
public enum RouteStep
{
    /// <summary>Answered, or given up (<see cref="Request.Exchange.IsAborted"/>): on to the log and the next request.</summary>
    Done,

    /// <summary>The location passes it on: <see cref="Request.Exchange.Location"/> has a ProxyPass.</summary>
    Proxy,
}
