using System.Runtime.CompilerServices;
using Countersign.Configuration;
using Countersign.Native;
using Countersign.Proxy.Accept;
using Countersign.Proxy.Handshake;
using Countersign.Proxy.Identify;
using Countersign.Proxy.Request;
using Countersign.Proxy.Route;
using Countersign.Proxy.Upstream;

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
            if (!client.Address.Ssl || await ClientHandshake.RunAsync(client))
            {
                await ServeAsync(client, ClientCheck.Identify(client));
            }
        }
        catch (Exception fault)
        {
            client.Log.Write(LogLevel.Alert, $"unexpected failure: {fault.ToString().ReplaceLineEndings(" ")}");
        }
        finally
        {
            Close(client);
        }
    }

    [AsyncMethodBuilder(typeof(LoopMethodBuilder))]
    private static async ValueTask ServeAsync(Client client, ClientVerdict identity)
    {
        var worker = client.Worker;
        client.Log.Action = "waiting for request";
        var idle = client.FirstHeadDeadline - worker.Loop.Now;
        var held = 0L;
        byte[]? pipelined = null;
        while (true)
        {
            var exchange = await NextRequestAsync(client, idle, held, pipelined);
            if (exchange is null)
            {
                return;
            }
            bool goesOn;
            exchange.IsPipelined = pipelined is not null;
            try
            {
                goesOn = await AnswerAsync(exchange, client, identity);
                idle = (long)exchange.Location.Core.KeepaliveTimeout.TotalMilliseconds;
                held = Math.Min(idle, (long)exchange.Location.Core.KeepaliveMinTimeout.TotalMilliseconds);
            }
            finally
            {
                exchange.Input.Release(out pipelined);
                client.Log.Exchange = null;
                worker.Return(exchange);
            }
            if (!goesOn)
            {
                return;
            }
            client.Log.Action = pipelined is null ? "keepalive" : "reading client pipelined request line";
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
            var status = await exchange.Head.ReadAsync(exchange);
            if (status == 0)
            {
                status = ClientCheck.Decide(client, identity, exchange.Server, exchange.Host.Span);
            }
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

    /// <summary>Waits for the first byte of a request; while idle, a connection holds no buffer.</summary>
    /// <param name="held">keepalive_min_timeout: the part of the time in which nobody closes it, not even a reload.</param>
    /// <returns>Null when there will be none; the reason has been logged.</returns>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private static async ValueTask<Exchange?> NextRequestAsync(Client client, long idle, long held, byte[]? pipelined)
    {
        var worker = client.Worker;
        var deadline = worker.Loop.Now + idle;
        var heldUntil = worker.Loop.Now + held;
        var isFirst = client.Requests == 0;
        while (true)
        {
            var exchange = worker.RentExchange();
            exchange.Input.Begin(worker, client.Channel, client.Server.Settings.ClientHeaderBufferSize);
            if (pipelined is not null)
            {
                exchange.Input.Preload(pipelined);
                return exchange;
            }
            var result = exchange.Input.TryFill();
            if (result > 0)
            {
                return exchange;
            }
            exchange.Input.Release(out _);
            worker.Return(exchange);
            if (result != -Errno.Again)
            {
                ReportEnd(client, result, isFirst);
                return null;
            }
            var isHeld = worker.Loop.Now < heldUntil;
            if (client.Generation.IsRetired && !isFirst && !isHeld)
            {
                return null;
            }
            var wait = (isHeld ? heldUntil : deadline) - worker.Loop.Now;
            if (!isHeld)
            {
                worker.AddIdle(client);
            }
            var ready = wait > 0 && await client.Channel.Readable(wait);
            worker.RemoveIdle(client);
            if (!ready && (!isHeld || heldUntil == deadline))
            {
                if (isFirst)
                {
                    client.Log.Write(LogLevel.Info, "client timed out", Errno.TimedOut);
                }
                return null;
            }
        }
    }

    private static void ReportEnd(Client client, int result, bool isFirst)
    {
        if (result == -Errno.BadDescriptor)
        {
            return;
        }
        if (result == 0)
        {
            client.Log.Write(LogLevel.Info, isFirst
                ? "client closed connection"
                : $"client {System.Text.Encoding.Latin1.GetString(client.PeerText)} closed keepalive connection", withContext: isFirst);
        }
        else if (isFirst || result != -Errno.ConnectionReset)
        {
            client.Log.WriteChannelError(client.Channel, result, "recv()");
        }
    }

    private static void Close(Client client)
    {
        var channel = client.Channel;
        if (channel.Descriptor >= 0 && channel.Tls is { IsHandshakeDone: true } tls)
        {
            _ = tls.ShutDown();
        }
        client.ForgetCertificate();
        channel.Dispose();
        client.Worker.Remove(client);
    }
}
