using System.Runtime.CompilerServices;
using Countersign.Configuration;
using Countersign.Configuration.Directives;
using Countersign.Native;
using Countersign.Proxy.Request;
using Countersign.Proxy.Route;

namespace Countersign.Proxy.Upstream;

/// <summary>
/// The body of the answer, from the backend to the client, both at their own pace: with proxy_buffering the backend is read ahead of a
/// slow client, into memory and then a file, and let go as soon as it has said everything; without, each read is passed on at once and
/// a slow client slows the backend down.
/// </summary>
internal static class Relay
{
    /// <summary>Less than that waits for more, unless the end has come (postpone_output).</summary>
    private const int Postponed = 1460;

    [AsyncMethodBuilder(typeof(LoopMethodBuilder))]
    public static async ValueTask RunAsync(Passing passing, bool buffers)
    {
        var settings = passing.Settings;
        var loop = passing.Worker.Loop;
        var queue = passing.Queue;
        var writer = passing.Exchange.Writer;
        var write = passing.Write;
        var pace = new Pace(buffers ? Rate(passing) : 0, loop.Now);
        // As nginx: without buffers, what came with the head is on its way to the client until the backend says more.
        var waiting = buffers || passing.Response.Available == 0 ? "reading upstream" : "sending to client";
        passing.Log.Action = "reading upstream";
        passing.Body.Begin(passing);
        write.Reset();
        queue.Begin(passing, buffers);
        var readBy = loop.Now + (long)settings.ReadTimeout.TotalMilliseconds;
        while (true)
        {
            if (passing.Client.AwaitsTurn)
            {
                // The client is not slow, others are served first: what came of the backend meanwhile would go to the file.
                passing.Log.Action = "sending to client";
                await loop.Heavy;
                passing.Log.Action = "reading upstream";
            }
            var moved = false;
            if (!write.IsPending)
            {
                if (write.Result != 0)
                {
                    // The client is gone; the writer has said so.
                    return;
                }
                queue.Written(passing.Worker);
                moved = StartNext(passing, Least(passing, buffers));
            }
            if (passing.Connection is not null)
            {
                var read = Read(passing, buffers, ref pace, out var isFull);
                moved |= read;
                if (read)
                {
                    waiting = "reading upstream";
                }
                if (read || isFull)
                {
                    readBy = loop.Now + (long)settings.ReadTimeout.TotalMilliseconds;
                }
                if (passing.Body.State != BodyState.More)
                {
                    passing.Finish(passing.Body.IsClean && passing.IsBodySent);
                    moved = true;
                }
                if (passing.Body.State == BodyState.Wrong)
                {
                    // As nginx: not even what waits to be sent is.
                    passing.Exchange.IsAborted = true;
                    passing.AbandonWrite();
                    return;
                }
                if (moved)
                {
                    continue;
                }
                if (!write.IsPending && queue.Ready + writer.Buffered >= (buffers ? Postponed : 1))
                {
                    if (!StartNext(passing, least: 0))
                    {
                        write.Start(writer.FlushAsync());
                    }
                    continue;
                }
                if (passing.IsClientGone)
                {
                    passing.Log.Action = waiting;
                    LogClientGone(passing);
                    passing.AbandonWrite();
                    return;
                }
                passing.Log.Action = write.IsPending ? "sending to client" : "reading upstream";
                var now = loop.Now;
                if (!isFull && !pace.IsHeld(now) && readBy <= now)
                {
                    passing.Log.Action = "reading upstream";
                    passing.Log.Write(LogLevel.Error, "upstream timed out", Errno.TimedOut);
                    passing.Body.CutOff();
                    passing.Finish(keep: false);
                    continue;
                }
                _ = await passing.Wake.Within(pace.IsHeld(now) ? pace.Until - now : isFull ? -1 : readBy - now);
                passing.Log.Action = "reading upstream";
                continue;
            }
            if (moved)
            {
                continue;
            }
            if (!write.IsPending)
            {
                break;
            }
            passing.Log.Action = "sending to client";
            _ = await passing.Wake.Within(-1);
        }
        await EndAsync(passing);
    }

    [AsyncMethodBuilder(typeof(LoopMethodBuilder))]
    private static async ValueTask EndAsync(Passing passing)
    {
        var exchange = passing.Exchange;
        passing.Log.Action = "sending to client";
        if (passing.Body.State == BodyState.Whole)
        {
            _ = await exchange.Writer.EndAsync();
            return;
        }
        // An answer cut short must not look whole: what has come goes out, and the connection ends without its end.
        exchange.KeepAlive = false;
        _ = await exchange.Writer.FlushAsync();
    }

    // Under TLS the body goes in whole records while more of it comes; the first has the head in it.
    private static int Least(Passing passing, bool buffers) =>
        buffers && passing.Body.State == BodyState.More && passing.Client.Tls is not null && !passing.Exchange.Writer.IsChunked
            ? Worker.BufferSize - passing.Exchange.Writer.Buffered : 0;

    private static bool StartNext(Passing passing, int least)
    {
        if (!passing.Queue.TryNext(least, out var memory, out var file, out var offset, out var length))
        {
            return false;
        }
        var writer = passing.Exchange.Writer;
        passing.Log.Action = "sending to client";
        passing.Write.Start(file >= 0 ? writer.WriteFileAsync(file, offset, length) : writer.WriteAsync(memory));
        passing.Log.Action = "reading upstream";
        return true;
    }

    /// <summary>One read of the backend, as far as there is room.</summary>
    /// <returns>True when something came, or the end did.</returns>
    private static bool Read(Passing passing, bool buffers, ref Pace pace, out bool isFull)
    {
        isFull = false;
        if (passing.Body.State != BodyState.More)
        {
            return true;
        }
        var queue = passing.Queue;
        if (!passing.Write.IsPending)
        {
            queue.Written(passing.Worker);
        }
        if (queue.Room <= 0)
        {
            var failed = false;
            if (!passing.Write.IsPending || !buffers || !queue.TrySpill(passing, out failed))
            {
                isFull = true;
                if (failed)
                {
                    passing.Body.CutOff();
                }
                return failed;
            }
        }
        var most = pace.Allowed(passing.Worker.Loop.Now, queue.Room);
        if (most == 0)
        {
            return false;
        }
        var count = queue.Fill(passing, most);
        if (count == -Errno.Again)
        {
            return false;
        }
        if (count <= 0)
        {
            queue.Flush(passing);
            if (passing.Body.State == BodyState.More)
            {
                passing.Body.EndOfStream(passing, count, buffers ? "readv()" : "recv()");
            }
        }
        else
        {
            pace.Took(count, passing.Worker.Loop.Now);
        }
        return true;
    }

    private static long Rate(Passing passing)
    {
        if (passing.Settings.LimitRate is not { } limit)
        {
            return 0;
        }
        return Units.Size(Values.Evaluate(passing.Exchange, limit).ToString()) ?? 0;
    }

    /// <summary>nginx's words where epoll tells of a closed client.</summary>
    public static void LogClientGone(Passing passing)
    {
        passing.Log.Write(LogLevel.Info, "epoll_wait() reported that client prematurely closed connection, so upstream connection is closed too",
            passing.Client.Descriptor < 0 ? 0 : Math.Abs(Socket.TakeError(passing.Client.Descriptor)));
        passing.Exchange.GiveUp(499);
    }

    /// <summary>proxy_limit_rate: nginx's arithmetic.</summary>
    private struct Pace(long rate, long start)
    {
        private long _taken;

        public long Until { get; private set; }

        public readonly bool IsHeld(long now) => Until > now;

        public long Allowed(long now, long most)
        {
            if (rate == 0)
            {
                return most;
            }
            if (IsHeld(now))
            {
                return 0;
            }
            var allowed = (rate * (((now - start) / 1000) + 1)) - _taken;
            if (allowed > 0)
            {
                return Math.Min(allowed, most);
            }
            Until = now + (-allowed * 1000 / rate) + 1;
            return 0;
        }

        public void Took(int count, long now)
        {
            if (rate > 0)
            {
                _taken += count;
                Until = now + (count * 1000L / rate);
            }
        }
    }
}
