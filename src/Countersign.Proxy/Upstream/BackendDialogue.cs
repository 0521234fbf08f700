using System.Runtime.CompilerServices;
using Countersign.Configuration;
using Countersign.Native;

namespace Countersign.Proxy.Upstream;

/// <summary>
/// The request to the backend and the head of its answer, both directions at once: a backend may answer while the body is still on
/// its way (too large, not allowed), and then no more of it is sent.
/// </summary>
internal static class BackendDialogue
{
    /// <summary>What the request waits for; each has its own time.</summary>
    private enum Waits { ToSend, ForClient, ForAnswer }

    /// <returns>Done with a whole head.</returns>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    public static async ValueTask<PassResult> RunAsync(Passing passing)
    {
        var loop = passing.Worker.Loop;
        var request = passing.Request;
        request.Begin(passing);
        passing.IsRequestSent = true;
        passing.Log.Action = "sending request to upstream";
        await loop.Departures;
        var waits = Waits.ToSend;
        var deadline = loop.Now + Limit(passing, waits);
        var progress = 0L;
        while (true)
        {
            var step = request.IsDone ? SendStep.Done : request.TrySend(passing);
            if (Listen(passing) is { } answered)
            {
                passing.IsBodySent = request.IsDone;
                return answered;
            }
            if (Stopped(passing, step) is { } stopped)
            {
                return stopped;
            }
            var next = step switch { SendStep.Done => Waits.ForAnswer, SendStep.NeedsClient => Waits.ForClient, _ => Waits.ToSend };
            if (next != Waits.ForClient && passing.IsClientGone)
            {
                return PassResult.ClientGone;
            }
            // The time for an answer counts from the last byte of the request; that of the others from the last one that moved.
            var moved = passing.Attempt.BytesSent + passing.Exchange.RequestLength;
            if (next != waits || (next != Waits.ForAnswer && moved != progress))
            {
                waits = next;
                deadline = loop.Now + Limit(passing, waits);
            }
            progress = moved;
            if (deadline <= loop.Now || !await passing.Wake.Within(deadline - loop.Now) && deadline <= loop.Now)
            {
                return TimedOut(passing, waits);
            }
        }
    }

    /// <summary>Reads what the backend has said by now.</summary>
    /// <returns>Null while it has not said enough.</returns>
    private static PassResult? Listen(Passing passing)
    {
        const string Reading = "reading response header from upstream";
        var response = passing.Response;
        while (true)
        {
            var count = response.TryFill(passing);
            if (count == -Errno.Again)
            {
                return null;
            }
            passing.Log.Action = Reading;
            if (count <= 0)
            {
                BackendResponse.LogEnd(passing, count, "recv()");
                return PassResult.Error;
            }
            if (response.Reader.Read(passing) is { } result)
            {
                return result;
            }
            if (response.IsFull)
            {
                passing.Log.Write(LogLevel.Error, "upstream sent too big header");
                return PassResult.InvalidHeader;
            }
        }
    }

    private static PassResult? Stopped(Passing passing, SendStep step)
    {
        switch (step)
        {
            case SendStep.Failed:
                LogFailure(passing);
                return PassResult.Error;
            case SendStep.ClientGone:
                return PassResult.ClientGone;
            case SendStep.ClientFault:
                return PassResult.ClientFault;
            case SendStep.Internal:
                return PassResult.Internal;
            default:
                return null;
        }
    }

    private static void LogFailure(Passing passing)
    {
        var error = passing.Request.Error;
        if (error == Channel.TlsFailed && passing.Backend.Tls?.Error is { } tls)
        {
            passing.Log.Write(tls.IsPeerFault ? LogLevel.Error : LogLevel.Crit, tls.ToString());
        }
        else
        {
            passing.Log.Write(LogLevel.Error, passing.Backend.Tls is null ? "writev() failed" : "SSL_write() failed", -error);
        }
    }

    private static PassResult TimedOut(Passing passing, Waits waits)
    {
        switch (waits)
        {
            case Waits.ForClient:
                _ = passing.Exchange.Body.TimedOut();
                return PassResult.ClientGone;
            case Waits.ForAnswer:
                passing.Log.Action = "reading response header from upstream";
                return PassResult.Timeout;
            default:
                return PassResult.Timeout;
        }
    }

    private static long Limit(Passing passing, Waits waits) => (long)(waits switch
    {
        Waits.ToSend => passing.Settings.SendTimeout,
        Waits.ForClient => passing.Exchange.Location.Core.ClientBodyTimeout,
        _ => passing.Settings.ReadTimeout,
    }).TotalMilliseconds;
}
