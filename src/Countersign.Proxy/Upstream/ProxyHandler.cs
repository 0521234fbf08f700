using System.Runtime.CompilerServices;
using Countersign.Configuration;
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
        try
        {
            return await PassAsync(passing);
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
    }

    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private static async ValueTask<RouteStep> PassAsync(Passing passing)
    {
        var exchange = passing.Exchange;
        // 1. Where to.
        if (exchange.Location.ProxyPass is not { } pass)
        {
            passing.Log.Write(LogLevel.Alert, "no upstream configuration");
            return await Router.AnswerAsync(exchange, 500);
        }
        var status = ProxyTarget.Evaluate(exchange, pass, out var url);
        if (status != 0)
        {
            return await Router.AnswerAsync(exchange, status);
        }
        // 2. The client's body: all of it first, unless it is to go on as it comes.
        var read = await ReadBodyAsync(passing);
        if (read < 0)
        {
            return exchange.IsAborted ? RouteStep.Done : await Router.AnswerAsync(exchange, -read);
        }
        // 3. The request as the backend gets it.
        if (!RequestComposer.Compose(passing, url))
        {
            return await Router.AnswerAsync(exchange, 500);
        }
        exchange.Upstream.BeginPass();
        status = ProxyTarget.Find(exchange, url, out var target);
        if (status != 0)
        {
            return await Router.AnswerAsync(exchange, status);
        }
        passing.Target = target;
        // 4. One backend after another, until one answers.
        return await Attempts.RunAsync(passing) switch
        {
            PassResult.Done => await AnswerAsync(passing),
            PassResult.ClientGone => Gone(passing),
            PassResult.Internal => await Router.AnswerAsync(exchange, 500),
            _ => await Router.AnswerAsync(exchange, passing.ClientStatus),
        };
    }

    /// <returns>0, or a negative status.</returns>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private static async ValueTask<int> ReadBodyAsync(Passing passing)
    {
        var exchange = passing.Exchange;
        var settings = passing.Settings;
        var body = exchange.Body;
        if (exchange.IsBodyDiscarded)
        {
            return 0;
        }
        var streams = !settings.RequestBuffering && settings.PassRequestBody && settings.SetBody is null
            && !body.IsBuffered && (!exchange.IsChunked || settings.HttpVersion == "1.1");
        if (!streams)
        {
            return await body.BufferAsync();
        }
        var result = await body.BeginStreamAsync();
        passing.IsStreaming = !body.IsBuffered;
        return result;
    }

    /// <summary>A backend has answered: its head is worked on and goes to the client, then its body.</summary>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private static async ValueTask<RouteStep> AnswerAsync(Passing passing)
    {
        var exchange = passing.Exchange;
        var response = passing.Response;
        if (response.Status >= 300 && Intercepts(passing))
        {
            passing.Finish(IsOver(passing));
            passing.Log.Action = "sending to client";
            return await Router.AnswerAsync(exchange, response.Status);
        }
        ResponseHeaders.ObeyAccel(passing, out var buffers);
        var redirect = exchange.Upstream.Headers.Find("X-Accel-Redirect"u8);
        if (!redirect.IsNull && !ResponseHeaders.Ignores(passing, "x-accel-redirect"))
        {
            return await RedirectAsync(passing, redirect);
        }
        ResponseHeaders.Copy(passing);
        var head = await Answer.SendHeadAsync(exchange);
        if (head != 0)
        {
            passing.Finish(IsOver(passing));
            exchange.IsAborted |= head < 0;
            return head > 0 ? await Router.AnswerAsync(exchange, head) : RouteStep.Done;
        }
        if (response.Status == 101 && !exchange.Headers.Find("Upgrade"u8).IsNull)
        {
            if (await exchange.Writer.FlushAsync() == 0)
            {
                await Tunnel.RunAsync(passing);
            }
            passing.Finish(keep: false);
        }
        else if (exchange.Method == Method.Head)
        {
            passing.Finish(IsOver(passing));
            passing.Log.Action = "sending to client";
            _ = await exchange.Writer.EndAsync();
        }
        else
        {
            if (!buffers)
            {
                exchange.Writer.LimitRate = 0;
            }
            await Relay.RunAsync(passing, buffers);
            if (passing.Connection is not null)
            {
                passing.Finish(keep: false);
            }
        }
        return RouteStep.Done;
    }

    /// <summary>X-Accel-Redirect: the backend says whose answer the client gets.</summary>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private static async ValueTask<RouteStep> RedirectAsync(Passing passing, Bytes target)
    {
        var exchange = passing.Exchange;
        passing.Finish(IsOver(passing));
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

    /// <summary>Nothing of the answer is left on the connection, which may serve another request although nobody reads a body.</summary>
    private static bool IsOver(Passing passing) =>
        passing.IsBodySent && !passing.Response.Closes && passing.Response.Available == 0 && !BackendBody.HasBody(passing);

    private static bool Intercepts(Passing passing)
    {
        if (!passing.Settings.InterceptErrors)
        {
            return false;
        }
        foreach (var page in passing.Exchange.Location.Core.ErrorPages)
        {
            if (page.Status != passing.Response.Status)
            {
                continue;
            }
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
}
