using System.Runtime.CompilerServices;
using Countersign.Configuration;
using Countersign.Native;
using Countersign.Proxy.Accept;
using Countersign.Proxy.Handshake;
using Countersign.Proxy.Identify;
using Countersign.Proxy.Identify.Ocsp;
using Countersign.Proxy.Request;
using Countersign.Proxy.Route;
using Countersign.Proxy.Upstream;
using Countersign.Proxy.Watch;

namespace Countersign.Proxy;

/// <summary>The whole life of a connection: handshake, identify, then request, route, upstream again and again.</summary>
public static class Connection
{
    /// <summary>Runs until the connection is closed and its channel disposed. Never throws.</summary>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder))]
    public static async ValueTask RunAsync(Client client)
    {
        try
        {
            if (client.Address.ProxyProtocol && !await ProxyProtocol.ReadAsync(client))
            {
                return;
            }
            if (client.Address.Ssl && !await ClientHandshake.RunAsync(client))
            {
                return;
            }
            if (OcspCheck.IsWanted(client) && !await OcspCheck.RunAsync(client))
            {
                return;
            }
            var identity = ClientCheck.Identify(client);
            if (identity is VerifiedClient)
            {
                client.Generation.Intermediates.Learn(client.Tls!);
            }
            var rest = new Rest(client);
            while (!rest.IsOver)
            {
                if (rest.TryNext() is not { } exchange)
                {
                    if (!rest.IsOver)
                    {
                        rest.EndWait(await client.Channel.Readable(rest.Milliseconds));
                    }
                    continue;
                }
                try
                {
                    if (!await AnswerAsync(exchange, client, identity))
                    {
                        return;
                    }
                    rest.Begin(exchange);
                }
                finally
                {
                    rest.Return(exchange);
                }
            }
        }
        catch (Exception fault)
        {
            client.Log.Write(LogLevel.Alert, $"unexpected failure: {fault.ToString().ReplaceLineEndings(" ")}");
        }
        finally
        {
            await CloseAsync(client);
        }
    }

    /// <summary>One request, from its head to the log.</summary>
    /// <returns>Whether the connection may have another.</returns>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private static async ValueTask<bool> AnswerAsync(Exchange exchange, Client client, ClientVerdict identity)
    {
        try
        {
            exchange.Begin(client, identity);
            client.Log.Exchange = exchange;
            client.Requests++;
            client.Refused = null;
            var status = await exchange.Head.ReadAsync(exchange);
            var check = new CheckResult(status);
            if (status == 0)
            {
                check = ClientCheck.Decide(client, identity, exchange.Server);
                if (check.Status == 0 && client.Generation.IsReplaced)
                {
                    check = await ReviewAsync(exchange, identity);
                }
                status = check.Status;
            }
            if (status is 421 or 495 or 496 or 497)
            {
                await RefusalDesk.OnRequestAsync(exchange, identity, check);
            }
            else if (status != 0 && client.Address.Ssl && client.Tls is null)
            {
                await HandshakeDesk.OnForeignBytesAsync(exchange);
            }
            RefusalDesk.OnDecided(client, identity);
            if (status != HeadReader.Gone)
            {
                await RespondAsync(exchange, status);
            }
        }
        catch (Exception fault)
        {
            exchange.Log.Write(LogLevel.Alert, $"unexpected failure: {fault.ToString().ReplaceLineEndings(" ")}");
            exchange.GiveUp(500);
        }
        var goesOn = await FinishAsync(exchange);
        exchange.Generation.AccessLog.Write(exchange);
        return goesOn;
    }

    /// <summary>A reload has put another plan in force since the client came.</summary>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private static async ValueTask<CheckResult> ReviewAsync(Exchange exchange, ClientVerdict identity)
    {
        using var review = TrustReview.Of(exchange.Client, exchange.Host.Span);
        var check = review is null ? default : await review.AskAsync(review.Verify(identity), isWatched: true);
        if (exchange.Client.Channel.Descriptor >= 0)
        {
            return check;
        }
        exchange.GiveUp(400);
        return new CheckResult(HeadReader.Gone);
    }

    [AsyncMethodBuilder(typeof(LoopMethodBuilder))]
    private static async ValueTask RespondAsync(Exchange exchange, int status)
    {
        RouteStep step;
        if (status == 0)
        {
            exchange.KeepAlive = exchange.ConnectionType switch
            {
                ConnectionType.Close => false,
                ConnectionType.KeepAlive => true,
                _ => exchange.Version > 1000,
            };
            exchange.LingeringClose = exchange.Body.HasContent;
            exchange.Log.Action = null;
            step = await Router.RunAsync(exchange);
        }
        else
        {
            step = await Router.AnswerAsync(exchange, status);
        }
        while (step == RouteStep.Proxy)
        {
            step = await ProxyHandler.RunAsync(exchange);
        }
    }

    /// <summary>nginx's <c>ngx_http_finalize_connection</c>: another request, a lingering close, or the end.</summary>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private static async ValueTask<bool> FinishAsync(Exchange exchange)
    {
        if (exchange.IsAborted || exchange.IsUpgraded)
        {
            return false;
        }
        var client = exchange.Client;
        var core = exchange.Location.Core;
        var body = exchange.Body;
        if (body.HasContent && body.IsBegun && !body.IsDone && !body.IsForgotten && body.Received > 0)
        {
            // Whoever read it stopped half-way.
            exchange.KeepAlive = false;
            exchange.LingeringClose = true;
        }
        if (exchange.KeepAlive && (!body.HasContent || body.IsDone || await body.DiscardAsync()))
        {
            return (!exchange.Generation.IsRetired && core.KeepaliveTimeout > TimeSpan.Zero) || core.KeepaliveMinTimeout > TimeSpan.Zero;
        }
        if (core.LingeringClose == LingeringClose.Always
            || (core.LingeringClose == LingeringClose.On
                && (exchange.LingeringClose || exchange.Input.Available > 0 || client.Channel.HasInput)))
        {
            await LingerAsync(exchange);
        }
        return false;
    }

    /// <summary>Reads on for a while after the last byte of the answer: closing at once would reset the connection under it.</summary>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder))]
    private static async ValueTask LingerAsync(Exchange exchange)
    {
        var channel = exchange.Client.Channel;
        var core = exchange.Location.Core;
        var loop = exchange.Worker.Loop;
        var end = loop.Now + (long)core.LingeringTime.TotalMilliseconds;
        if (channel.Tls is { } tls && tls.ShutDown() is not (TlsStatus.Done or TlsStatus.WantRead or TlsStatus.WantWrite))
        {
            return;
        }
        _ = Socket.ShutDownSending(channel.Descriptor);
        var scratch = exchange.Worker.RentBuffer();
        while (loop.Now < end)
        {
            var wait = Math.Min(end - loop.Now, (long)core.LingeringTimeout.TotalMilliseconds);
            if (await channel.ReadRawAsync(scratch, wait) <= 0)
            {
                break;
            }
        }
        exchange.Worker.Return(scratch);
    }

    [AsyncMethodBuilder(typeof(LoopMethodBuilder))]
    private static async ValueTask CloseAsync(Client client)
    {
        var channel = client.Channel;
        try
        {
            if (channel.Descriptor >= 0 && channel.Tls is { IsHandshakeDone: true } tls)
            {
                if (client is { Requests: 0, Status: { } status } && tls is { Error: null, AlertSent: null })
                {
                    RefusalDesk.OnLeft(client, status);
                }
                else
                {
                    await HandshakeDesk.OnCloseAsync(client, tls);
                }
            }
        }
        catch (Exception fault)
        {
            client.Log.Write(LogLevel.Alert, $"unexpected failure: {fault.ToString().ReplaceLineEndings(" ")}");
        }
        channel.SayGoodbye();
        channel.Dispose();
        client.Worker.Remove(client);
    }
}
