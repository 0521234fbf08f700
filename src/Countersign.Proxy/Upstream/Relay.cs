using System.Runtime.CompilerServices;
using Countersign.Configuration;
using Countersign.Native;
using Countersign.Proxy.Request;

namespace Countersign.Proxy.Upstream;

/// <summary>
/// The body of the answer, from the backend to the client: framing undone, a backend that lies about its length caught. Memory is
/// one buffer whatever the body's length; a slow client slows the backend down.
/// </summary>
internal static class Relay
{
    /// <summary>How a stretch of body was taken.</summary>
    private enum Taken { More, Whole, Broken }

    /// <returns>True when the client has the whole answer.</returns>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    public static async ValueTask<bool> RunAsync(Passing passing, bool flushes)
    {
        var exchange = passing.Exchange;
        var backend = passing.Response;
        passing.Log.Action = "reading upstream";
        passing.Chunks.Reset();
        passing.Left = backend.ContentLength;
        var result = Taken.More;
        if (HasNoBody(passing))
        {
            result = Taken.Whole;
            passing.KeepsConnection = !backend.Closes && backend.Available == 0;
        }
        while (result == Taken.More)
        {
            if (backend.Available > 0)
            {
                result = await TakeAsync(passing);
                if (exchange.IsAborted)
                {
                    return false;
                }
                continue;
            }
            if (flushes && await exchange.Writer.FlushAsync() != 0)
            {
                return false;
            }
            var count = backend.TryFill(passing);
            if (count > 0)
            {
                continue;
            }
            if (count != -Errno.Again)
            {
                result = AtEnd(passing, count);
                break;
            }
            // Whoever waits for the rest gets what there is.
            if (await exchange.Writer.FlushAsync() != 0)
            {
                return false;
            }
            if (passing.IsClientGone)
            {
                LogClientGone(passing);
                return false;
            }
            if (!await passing.Wake.Within((long)passing.Settings.ReadTimeout.TotalMilliseconds))
            {
                passing.Log.Write(LogLevel.Error, "upstream timed out", Errno.TimedOut);
                result = Taken.Broken;
            }
        }
        if (result == Taken.Broken)
        {
            // An answer cut short must not look whole: what has come goes out, and the connection ends without its end.
            _ = await exchange.Writer.FlushAsync();
            exchange.KeepAlive = false;
            exchange.IsAborted = true;
            return false;
        }
        passing.Log.Action = "sending to client";
        return await exchange.Writer.EndAsync() == 0;
    }

    public static void LogClientGone(Passing passing)
    {
        passing.Log.Write(LogLevel.Info, "client prematurely closed connection, so upstream connection is closed too");
        passing.Exchange.GiveUp(499);
    }

    private static bool HasNoBody(Passing passing) =>
        passing.IsHead || passing.Response.Status is 204 or 304 || (!passing.Response.IsChunked && passing.Response.ContentLength == 0);

    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private static async ValueTask<Taken> TakeAsync(Passing passing)
    {
        var backend = passing.Response;
        var exchange = passing.Exchange;
        if (backend.IsChunked)
        {
            return await TakeChunksAsync(passing);
        }
        var available = backend.Available;
        var count = passing.Left < 0 ? available : (int)Math.Min(available, passing.Left);
        var sent = await exchange.Writer.WriteAsync(backend.Unread[..count]);
        backend.Use(count);
        passing.Attempt.ResponseLength += count;
        if (sent != 0)
        {
            return Taken.Broken;
        }
        if (passing.Left < 0)
        {
            return Taken.More;
        }
        passing.Left -= count;
        if (passing.Left > 0)
        {
            return Taken.More;
        }
        if (available > count)
        {
            passing.Log.Write(LogLevel.Warn, "upstream sent more data than specified in \"Content-Length\" header");
            return Taken.Whole;
        }
        passing.KeepsConnection = !backend.Closes;
        return Taken.Whole;
    }

    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private static async ValueTask<Taken> TakeChunksAsync(Passing passing)
    {
        var backend = passing.Response;
        while (backend.Available > 0)
        {
            var consumed = 0;
            var result = passing.Chunks.Next(backend.Unread.Span, ref consumed, out var data);
            var piece = backend.Unread.Slice(consumed - data, data);
            var sent = data > 0 ? await passing.Exchange.Writer.WriteAsync(piece) : 0;
            backend.Use(consumed);
            passing.Attempt.ResponseLength += data;
            if (sent != 0)
            {
                return Taken.Broken;
            }
            switch (result)
            {
                case ChunkedResult.Done:
                    if (backend.Available > 0)
                    {
                        passing.Log.Write(LogLevel.Warn, "upstream sent data after final chunk");
                    }
                    passing.KeepsConnection = !backend.Closes && backend.Available == 0;
                    return Taken.Whole;
                case ChunkedResult.Invalid:
                    passing.Log.Write(LogLevel.Error, "upstream sent invalid chunked response");
                    return Taken.Broken;
            }
        }
        return Taken.More;
    }

    /// <summary>The backend has closed: the end of an answer without length, too early for any other.</summary>
    private static Taken AtEnd(Passing passing, int count)
    {
        if (count == 0 && !passing.Response.IsChunked && passing.Left < 0)
        {
            return Taken.Whole;
        }
        _ = BackendResponse.Ended(passing, count);
        return Taken.Broken;
    }
}
