using System.Runtime.CompilerServices;
using Countersign.Configuration;
using Countersign.Proxy.Accept;
using Countersign.Proxy.Identify;
using Countersign.Proxy.Request;
using Countersign.Refusals;

namespace Countersign.Proxy.Watch;

/// <summary>Where a client whom a reload does not let go on becomes a <see cref="Refusal"/>: nginx would serve it, so there is no line of its.</summary>
internal static class ReviewDesk
{
    /// <summary>A reload ends a connection. What is known of it has been taken when this returns; it is explained as soon as what is trusted now has been read.</summary>
    public static void OnReview(Client client, int status)
    {
        if (client.Generation.Refusals?.IsFull(client.Server.Refusals) != true)
        {
            RefusalSocket.Begin(ExplainAsync(client, status));
        }
    }

    /// <param name="exchange">The request that the plan in force refuses; null between requests.</param>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder))]
    public static async ValueTask RunAsync(Client client, Exchange? exchange, int status)
    {
        using var review = TrustReview.Of(client, exchange is null ? default : exchange.Host.Span);
        if (review is not null)
        {
            await (status == 495
                ? OnCertificateAsync(client, exchange, review.Generation, review.Server)
                : RefusalDesk.OnNoCertificateAsync(client, exchange, new CheckResult(status, CheckRule.NewestPlan), review.Generation, review.Server));
        }
    }

    [AsyncMethodBuilder(typeof(LoopMethodBuilder))]
    private static async ValueTask ExplainAsync(Client client, int status)
    {
        // The connection may end before this does, and its plan with it.
        var generation = client.Generation;
        generation.Acquire();
        try
        {
            await RunAsync(client, null, status);
        }
        catch (Exception fault)
        {
            client.Log.Write(LogLevel.Alert, $"unexpected failure: {fault.ToString().ReplaceLineEndings(" ")}");
        }
        finally
        {
            generation.Release();
        }
    }

    [AsyncMethodBuilder(typeof(LoopMethodBuilder))]
    private static async ValueTask OnCertificateAsync(Client client, Exchange? exchange, Generation newest, ServerPlan server)
    {
        using var chain = new RefusedChain(client.Tls!, presented => newest.Tls.Of(server)?.Problems(presented) ?? []);
        var circumstances = new Circumstances(client, exchange);
        if (chain.Errors.Count == 0)
        {
            OnStatus(client, exchange, server, circumstances, chain.Presented);
            return;
        }
        await newest.Trust.ReadFor(client.Worker.Loop);
        var found = chain.Examine(newest, server, circumstances.Time);
        if (found.Leaf is not { } leaf)
        {
            return;
        }
        RefusalDesk.Report(client, server, found.Complete(circumstances.Refused(server, exchange is null ? null : 495, new StillConnected(leaf, found.Reason), chain.Presented, leaf)) with
        {
            NginxLine = "",
            Others = [found.Reason, .. found.Others],
        });
    }

    /// <summary>Its chain is right: it is what a responder said of it.</summary>
    private static void OnStatus(Client client, Exchange? exchange, ServerPlan server, Circumstances circumstances, IReadOnlyList<byte[]> presented)
    {
        if (client.Status is not { } outcome || presented.Count == 0 || CertificateReader.Read(presented[0]) is not { } leaf)
        {
            return;
        }
        var cause = OcspReasons.Of(outcome, circumstances.Time);
        RefusalDesk.Report(client, server, circumstances.Refused(server, exchange is null ? null : 495, new StillConnected(leaf, cause), presented, leaf) with
        {
            NginxLine = "",
            Others = [cause],
        });
    }
}
