namespace Countersign.Proxy.Accept;

/// <summary>
/// Which loop serves a new client: the one that has accepted it, unless another one has clearly fewer. The kernel wakes whoever sleeps, and
/// a loop that is awake takes a rush of clients alone, who then stay for as long as they keep their connections.
/// </summary>
public sealed class FairShare
{
    /// <summary>To hand somebody over costs waking the other loop.</summary>
    private const int Slack = 4;

    private volatile Worker[] _workers = [];

    /// <summary>The loops among which clients are shared.</summary>
    public void Use(IEnumerable<Worker> workers) => _workers = [.. workers];

    /// <returns>Null when it is <paramref name="acceptor"/> itself.</returns>
    internal Worker? InsteadOf(Worker acceptor)
    {
        Worker? fewest = null;
        var least = acceptor.Load - Slack;
        foreach (var worker in _workers)
        {
            if (worker.Load is var load && load < least)
            {
                (fewest, least) = (worker, load);
            }
        }
        return fewest;
    }
}
