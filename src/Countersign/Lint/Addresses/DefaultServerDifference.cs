using Countersign.Configuration;

namespace Countersign.Lint.Addresses;

/// <summary>Servers that a client without SNI reaches by its Host alone, judged by the default server's word.</summary>
/// <param name="Consequence">What becomes of such a client there.</param>
internal sealed record DefaultServerDifference(ServerPlan Default, IReadOnlyList<LintAddress> Addresses, IReadOnlyList<ServerPlan> Servers, string Consequence)
{
    /// <param name="differs">Whether the default server's word, the first's, is worth nothing to the second.</param>
    public static IEnumerable<DefaultServerDifference> Find(LintCase lint, Func<ServerPlan, ServerPlan, bool> differs)
    {
        var asking = lint.Asking.Where(server => !TurnedAway.By(server)).ToHashSet();
        var differing = lint.Addresses
            .Where(address => asking.Contains(address.Default))
            .Select(address => (Address: address, Servers: address.Servers.Where(server => server != address.Default && asking.Contains(server) && differs(address.Default, server)).ToList()))
            .Where(found => found.Servers.Count > 0);
        foreach (var same in differing.GroupBy(found => (found.Address.Default, string.Join(' ', found.Servers.Select(server => server.Id)))))
        {
            var addresses = same.Select(found => found.Address).ToList();
            var servers = same.First().Servers;
            var letIn = servers.Where(server => server.Ssl.NginxCompatibility).ToList();
            var misdirected = servers.Except(letIn).ToList();
            if (misdirected.Count > 0)
            {
                yield return new(same.Key.Default, addresses, misdirected, "and these answer it 421");
            }
            if (letIn.Count > 0)
            {
                yield return new(same.Key.Default, addresses, letIn, "and these let it in all the same (compatibility nginx)");
            }
        }
    }

    /// <summary>One warning about them.</summary>
    /// <param name="what">What they do otherwise than the default server, and what a client without SNI then gets.</param>
    public LintWarning Warning(string id, string what, SourcePosition position, string advice) => new(
        id, $"servers on {LintText.List(Addresses.Select(address => address.Text))} {what}, {Consequence}", position, advice, DefaultServer.ThatRefuses(Addresses))
    {
        Servers = Servers,
    };
}
