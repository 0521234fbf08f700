using Countersign.Configuration;
using Countersign.Proxy.Request;

namespace Countersign.Proxy.Upstream;

/// <summary>proxy_next_upstream: what may be tried again elsewhere, and what the client is told when not.</summary>
internal static class NextBackend
{
    public static NextUpstream ReasonOf(PassResult result) => result switch
    {
        PassResult.Timeout => NextUpstream.Timeout,
        PassResult.InvalidHeader => NextUpstream.InvalidHeader,
        _ => NextUpstream.Error,
    };

    /// <summary>The condition that a backend's status is, or none.</summary>
    public static NextUpstream ReasonOf(int status) => status switch
    {
        500 => NextUpstream.Http500,
        502 => NextUpstream.Http502,
        503 => NextUpstream.Http503,
        504 => NextUpstream.Http504,
        403 => NextUpstream.Http403,
        404 => NextUpstream.Http404,
        429 => NextUpstream.Http429,
        _ => NextUpstream.None,
    };

    /// <summary>What the client gets when nobody else is asked.</summary>
    public static int StatusOf(NextUpstream reason) => reason switch
    {
        NextUpstream.Timeout or NextUpstream.Http504 => 504,
        NextUpstream.Http500 => 500,
        NextUpstream.Http503 => 503,
        NextUpstream.Http403 => 403,
        NextUpstream.Http404 => 404,
        NextUpstream.Http429 => 429,
        _ => 502,
    };

    /// <param name="triesLeft">Peers that may still be tried.</param>
    public static bool IsAllowed(Passing passing, NextUpstream reason, int triesLeft, long started)
    {
        var settings = passing.Settings;
        if (passing.IsRequestSent && passing.Exchange.Method is Method.Post or Method.Lock or Method.Patch)
        {
            reason |= NextUpstream.NonIdempotent;
        }
        return triesLeft > 0
            && (settings.NextUpstream & reason) == reason
            && !(passing.IsRequestSent && passing.IsStreaming)
            && (settings.NextUpstreamTimeout == TimeSpan.Zero
                || passing.Worker.Loop.Now - started < (long)settings.NextUpstreamTimeout.TotalMilliseconds);
    }
}
