using System.Runtime.CompilerServices;
using Countersign.Configuration;
using Countersign.Native;
using Countersign.Proxy.Request;
using Countersign.Proxy.Route;
using Countersign.Proxy.Upstream.Peers;

namespace Countersign.Proxy.Upstream;

/// <summary>The content of a location with proxy_pass: asks a backend and hands its answer on.</summary>
public static class ProxyHandler
{
    /// <summary>Answers the request, or hands it back to the router (an error page, X-Accel-Redirect).</summary>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    public static async ValueTask<RouteStep> RunAsync(Exchange exchange)
    {
        var worker = exchange.Worker;
        var passing = worker.RentPassing();
        passing.Begin(exchange);
        RouteStep step;
        try
        {
            step = await PassAsync(passing);
        }
        finally
        {
            if (passing.Peers.HasCurrent)
            {
                passing.Peers.Free(PeerResult.Live);
            }
            passing.LetGo(keep: false);
            passing.End();
            worker.Return(passing);
        }
        return step;
    }

    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private static async ValueTask<RouteStep> PassAsync(Passing passing)
    {
        var exchange = passing.Exchange;
        // 1. Where to.
        var status = ProxyTarget.Resolve(exchange, exchange.Location.ProxyPass!, out var target);
        if (status != 0)
        {
            return await Router.AnswerAsync(exchange, status);
        }
        passing.Target = target;
        // 2. The client's body: all of it first, unless it is to go on as it comes.
        var body = exchange.Body;
        passing.IsStreaming = !passing.Settings.RequestBuffering && passing.Settings.PassRequestBody && passing.Settings.SetBody is null
            && body.HasContent && !body.IsBuffered && (!exchange.IsChunked || passing.Settings.HttpVersion == "1.1");
        passing.SendsChunks = passing.IsStreaming && exchange.IsChunked;
        if (!passing.IsStreaming)
        {
            var read = await body.BufferAsync();
            if (read < 0)
            {
                return exchange.IsAborted ? RouteStep.Done : await Router.AnswerAsync(exchange, -read);
            }
        }
        // 3. The request as the backend gets it.
        if (!RequestComposer.Compose(passing))
        {
            return await Router.AnswerAsync(exchange, 500);
        }
        // 4. One backend after another, until one answers.
        var result = await TryBackendsAsync(passing);
        return result switch
        {
            PassResult.Done => await AnswerAsync(passing),
            PassResult.ClientGone => Gone(passing),
            PassResult.ClientFault => await Router.AnswerAsync(exchange, passing.ClientStatus),
            PassResult.Internal => await Router.AnswerAsync(exchange, 500),
            _ => await Router.AnswerAsync(exchange, passing.ClientStatus),
        };
    }

    /// <returns>Done with a head to answer from; otherwise <see cref="Passing.ClientStatus"/> is the answer.</returns>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private static async ValueTask<PassResult> TryBackendsAsync(Passing passing)
    {
        var loop = passing.Worker.Loop;
        var started = loop.Now;
        var peers = passing.Peers;
        peers.Begin(passing.Exchange, passing.Target.State);
        if (passing.Settings.NextUpstreamTries > 0)
        {
            peers.Tries = Math.Min(peers.Tries, passing.Settings.NextUpstreamTries);
        }
        var startsGroup = true;
        while (true)
        {
            passing.Attempt = passing.Exchange.Upstream.Add();
            passing.Attempt.StartsGroup = startsGroup;
            startsGroup = false;
            passing.AttemptStarted = loop.Now;
            passing.IsRequestSent = passing.IsBodySent = passing.KeepsConnection = false;
            if (!peers.Next())
            {
                passing.Log.Action = "connecting to upstream";
                passing.Attempt.Peer = passing.Target.State.Plan.Name;
                passing.Attempt.LogUrl = LogUrl(passing, passing.Attempt.Peer);
                passing.Attempt.Status = passing.ClientStatus = 502;
                passing.Log.Write(LogLevel.Error, "no live upstreams");
                passing.Attempt.ResponseTime = loop.Now - passing.AttemptStarted;
                return PassResult.Error;
            }
            passing.Attempt.Peer = peers.Current.Text;
            passing.Attempt.LogUrl = LogUrl(passing, peers.Current.Text);
            var result = await AskAsync(passing);
            if (result is PassResult.ClientGone or PassResult.ClientFault or PassResult.Internal)
            {
                passing.Attempt.ResponseTime = loop.Now - passing.AttemptStarted;
                return result;
            }
            var reason = result == PassResult.Done ? NextBackend.ReasonOf(passing.Response.Status) : NextBackend.ReasonOf(result);
            if (result == PassResult.Done)
            {
                passing.Attempt.HeaderTime = loop.Now - passing.AttemptStarted;
                // An answer that may be tried elsewhere is, as long as there is an elsewhere; otherwise it stands.
                if (reason == NextUpstream.None || peers.Tries <= 1 || !NextBackend.IsAllowed(passing, reason, peers.Tries - 1, started))
                {
                    return result;
                }
            }
            var wasReused = passing.Connection?.IsReused == true;
            if (result == PassResult.Timeout)
            {
                passing.Log.Write(LogLevel.Error, "upstream timed out", Errno.TimedOut);
            }
            peers.Free(reason is NextUpstream.Http403 or NextUpstream.Http404 ? PeerResult.Next : PeerResult.Failed);
            if (wasReused && result == PassResult.Error)
            {
                // The backend had closed an idle connection: that says nothing about the backend.
                peers.Tries++;
            }
            passing.Attempt.Status = passing.ClientStatus = NextBackend.StatusOf(reason);
            passing.Attempt.ResponseTime = loop.Now - passing.AttemptStarted;
            passing.LetGo(keep: false);
            if (!NextBackend.IsAllowed(passing, reason, peers.Tries, started))
            {
                return result == PassResult.Done ? PassResult.Error : result;
            }
        }
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
        result = await RequestSender.SendAsync(passing);
        return result == PassResult.Done ? await passing.Response.ReadHeadAsync(passing) : result;
    }

    /// <summary>A backend has answered: its head is worked on and goes to the client, then its body.</summary>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private static async ValueTask<RouteStep> AnswerAsync(Passing passing)
    {
        var exchange = passing.Exchange;
        var response = passing.Response;
        if (response.Status >= 300 && Intercepts(passing))
        {
            var status = response.Status;
            Finish(passing, keep: HasNoBodyLeft(passing));
            return await Router.AnswerAsync(exchange, status);
        }
        ResponseHeaders.ObeyAccel(passing, out var buffers);
        var redirect = exchange.Upstream.Headers.Find("X-Accel-Redirect"u8);
        if (!redirect.IsNull && !ResponseHeaders.Ignores(passing, "x-accel-redirect"))
        {
            return await RedirectAsync(passing, redirect);
        }
        ResponseHeaders.Copy(passing);
        if (response.Status == 101 && !exchange.Headers.Find("Upgrade"u8).IsNull)
        {
            return await UpgradeAsync(passing);
        }
        var head = await Answer.SendHeadAsync(exchange);
        if (head > 0)
        {
            Finish(passing, keep: false);
            return await Router.AnswerAsync(exchange, head);
        }
        if (head == 0)
        {
            if (!buffers)
            {
                head = await exchange.Writer.FlushAsync();
            }
            if (head == 0)
            {
                _ = await Relay.RunAsync(passing, flushes: !buffers);
            }
        }
        exchange.IsAborted |= head != 0;
        Finish(passing, passing.KeepsConnection && passing.IsBodySent);
        return RouteStep.Done;
    }

    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private static async ValueTask<RouteStep> UpgradeAsync(Passing passing)
    {
        var exchange = passing.Exchange;
        exchange.Response.ContentLength = -1;
        if (await Answer.SendHeadAsync(exchange) == 0 && await exchange.Writer.FlushAsync() == 0)
        {
            await Tunnel.RunAsync(passing);
        }
        Finish(passing, keep: false);
        return RouteStep.Done;
    }

    /// <summary>X-Accel-Redirect: the backend says whose answer the client gets.</summary>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private static async ValueTask<RouteStep> RedirectAsync(Passing passing, Bytes target)
    {
        var exchange = passing.Exchange;
        Finish(passing, keep: HasNoBodyLeft(passing));
        ResponseHeaders.CopyForRedirect(passing);
        if (!target.IsEmpty && target.Span[0] == '@')
        {
            return await Router.NamedAsync(exchange, target.ToString());
        }
        if (!UnsafeUri.TryParse(exchange, target, out var uri, out var arguments))
        {
            return await Router.AnswerAsync(exchange, 404);
        }
        if (exchange.Method != Method.Head)
        {
            exchange.Method = Method.Get;
            exchange.MethodName = GetName;
        }
        return await Router.RedirectAsync(exchange, uri, arguments);
    }

    private static readonly Bytes GetName = new("GET"u8.ToArray());

    private static bool HasNoBodyLeft(Passing passing) =>
        passing.IsBodySent && !passing.Response.Closes && passing.Response.Available == 0
        && (passing.IsHead || passing.Response.Status is 204 or 304 || (!passing.Response.IsChunked && passing.Response.ContentLength == 0));

    private static bool Intercepts(Passing passing)
    {
        if (!passing.Settings.InterceptErrors)
        {
            return false;
        }
        foreach (var page in passing.Exchange.Location.Core.ErrorPages)
        {
            if (page.Status == passing.Response.Status)
            {
                if (page.Status == 401)
                {
                    foreach (ref readonly var field in passing.Exchange.Upstream.Headers.Fields)
                    {
                        if (field.Name.EqualsIgnoreCase("WWW-Authenticate"u8))
                        {
                            passing.Exchange.Response.Headers.Add(field);
                        }
                    }
                }
                return true;
            }
        }
        return false;
    }

    private static RouteStep Gone(Passing passing)
    {
        if (!passing.Exchange.IsAborted)
        {
            Relay.LogClientGone(passing);
        }
        return RouteStep.Done;
    }

    private static void Finish(Passing passing, bool keep)
    {
        passing.Attempt.ResponseTime = passing.Worker.Loop.Now - passing.AttemptStarted;
        passing.Peers.Free(PeerResult.Live);
        passing.LetGo(keep);
    }

    private static string LogUrl(Passing passing, string peer)
    {
        // Composed only where somebody may read it: every answer that goes well has no use for it.
        var scheme = passing.Target.IsTls ? "https://" : "http://";
        var separator = peer.StartsWith("unix:", StringComparison.Ordinal) ? ":" : "";
        return passing.Log.IsEnabled(LogLevel.Error) ? $"{scheme}{peer}{separator}{passing.Uri}" : "";
    }
}
