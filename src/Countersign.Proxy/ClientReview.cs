using System.Runtime.CompilerServices;
using Countersign.Configuration;
using Countersign.Proxy.Accept;
using Countersign.Proxy.Identify;
using Countersign.Proxy.Watch;

namespace Countersign.Proxy;

/// <summary>
/// The clients of one loop after a reload. Whoever is idle goes in any case, as under nginx's old workers; an upgraded connection, which has no end
/// of its own, goes if the plan in force would not let its client in. Both are named in the log when they are refused.
/// </summary>
internal sealed class ClientReview(Worker worker, IEnumerable<Client> clients)
{
    // Verifying takes its time.
    private const int PerTurn = 32;

    // Each takes a connection of worker_connections.
    private const int AskedAtOnce = 16;

    private readonly Queue<Client> _clients = new(clients);
    private readonly Queue<Client> _unconfirmed = new();
    private int _asked;

    public void Begin()
    {
        for (var turn = 0; turn < PerTurn && _clients.TryDequeue(out var client); turn++)
        {
            if (worker.IsConnected(client))
            {
                Run(client);
            }
        }
        if (_clients.Count > 0)
        {
            worker.Loop.Post(Begin);
        }
    }

    private void Run(Client client)
    {
        var isUpgraded = client.Log.Exchange is { IsUpgraded: true };
        var isIdle = client.IdlePlace.List is not null && client.Requests > 0;
        if (!isUpgraded && !isIdle)
        {
            return;
        }
        using var review = TrustReview.Of(client, []);
        var verdict = review?.Verify(ClientCheck.Identify(client));
        var isToAsk = review?.IsToAsk(verdict!) == true;
        if (isToAsk && isUpgraded)
        {
            _unconfirmed.Enqueue(client);
            AskNext();
            return;
        }
        var status = review is null || isToAsk ? 0 : review.Decide(verdict!).Status;
        if (status != 0)
        {
            ReviewDesk.OnReview(client, status);
        }
        if (status != 0 || isIdle)
        {
            client.Channel.Dispose();
        }
    }

    private void AskNext()
    {
        if (_asked >= AskedAtOnce || !_unconfirmed.TryDequeue(out var client))
        {
            return;
        }
        _asked++;
        RefusalSocket.Begin(AskAsync(client));
    }

    [AsyncMethodBuilder(typeof(LoopMethodBuilder))]
    private async ValueTask AskAsync(Client client)
    {
        try
        {
            using var review = worker.IsConnected(client) ? TrustReview.Of(client, []) : null;
            var check = review is null ? default : await review.AskAsync(review.Verify(ClientCheck.Identify(client)), isWatched: false);
            if (check.Status != 0 && worker.IsConnected(client))
            {
                ReviewDesk.OnReview(client, check.Status);
                client.Channel.Dispose();
            }
        }
        catch (Exception fault)
        {
            client.Log.Write(LogLevel.Alert, $"unexpected failure: {fault.ToString().ReplaceLineEndings(" ")}");
            client.Channel.Dispose();
        }
        _asked--;
        worker.Loop.Post(AskNext);
    }
}
