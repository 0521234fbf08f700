using System.Runtime.CompilerServices;
using Countersign.Configuration;
using Countersign.Native;
using Countersign.Proxy.Upstream.Peers;

namespace Countersign.Proxy.Upstream;

/// <summary>One backend after another, until one answers or nobody else may be asked (<c>ngx_http_upstream_next</c>).</summary>
internal static class Attempts
{
    /// <returns>Done with a head to answer from; otherwise <see cref="Passing.ClientStatus"/> is the answer.</returns>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    public static async ValueTask<PassResult> RunAsync(Passing passing)
    {
        var loop = passing.Worker.Loop;
        var started = loop.Now;
        var peers = passing.Peers;
        peers.Begin(passing.Exchange, passing.Target.State);
        if (passing.Settings.NextUpstreamTries > 0)
        {
            peers.Tries = Math.Min(peers.Tries, passing.Settings.NextUpstreamTries);
        }
        while (true)
        {
            passing.Log.Action = "connecting to upstream";
            var attempt = passing.Attempt = passing.Exchange.Upstream.Add();
            attempt.IsTls = passing.Target.IsTls;
            attempt.Uri = passing.Uri;
            passing.AttemptStarted = loop.Now;
            passing.IsRequestSent = passing.IsBodySent = false;
            if (!peers.Next())
            {
                attempt.Peer = passing.Target.State.Plan.Name;
                attempt.Status = passing.ClientStatus = 502;
                passing.Log.Write(LogLevel.Error, "no live upstreams");
                attempt.ResponseTime = loop.Now - passing.AttemptStarted;
                return PassResult.Error;
            }
            attempt.Peer = peers.Current.Text;
            var result = await AskAsync(passing);
            if (result is PassResult.ClientGone or PassResult.ClientFault or PassResult.Internal)
            {
                attempt.ResponseTime = loop.Now - passing.AttemptStarted;
                return result;
            }
            var reason = NextBackend.ReasonOf(result);
            if (result == PassResult.Done)
            {
                attempt.HeaderTime = loop.Now - passing.AttemptStarted;
                reason = NextBackend.ReasonOf(passing.Response.Status);
                // An answer that may be tried elsewhere is, as long as there is an elsewhere; otherwise it stands.
                if (reason == NextUpstream.None || !NextBackend.IsAllowed(passing, reason, peers.Tries - 1, started))
                {
                    return result;
                }
            }
            Fail(passing, result, reason);
            if (!NextBackend.IsAllowed(passing, reason, peers.Tries, started))
            {
                return result == PassResult.Done ? PassResult.Error : result;
            }
        }
    }

    /// <summary>The attempt came to nothing (<c>ngx_http_upstream_next</c>).</summary>
    private static void Fail(Passing passing, PassResult result, NextUpstream reason)
    {
        var peers = passing.Peers;
        var wasReused = passing.Connection?.IsReused == true;
        peers.Free(reason is NextUpstream.Http403 or NextUpstream.Http404 ? PeerResult.Next : PeerResult.Failed);
        if (result == PassResult.Timeout)
        {
            passing.Log.Write(LogLevel.Error, "upstream timed out", Errno.TimedOut);
        }
        if (wasReused && result == PassResult.Error)
        {
            // The backend had closed an idle connection: that says nothing about the backend.
            peers.Tries++;
        }
        passing.Attempt.Status = passing.ClientStatus = NextBackend.StatusOf(reason);
        passing.Attempt.ResponseTime = passing.Worker.Loop.Now - passing.AttemptStarted;
        passing.LetGo(keep: false);
    }

    /// <summary>One backend: connect, send, read the head of its answer.</summary>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private static async ValueTask<PassResult> AskAsync(Passing passing)
    {
        passing.Response.Begin(passing);
        var result = await Connector.ConnectAsync(passing);
        if (result != PassResult.Done)
        {
            return result;
        }
        passing.Connection!.Requests++;
        return await BackendDialogue.RunAsync(passing);
    }
}
