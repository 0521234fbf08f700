using Countersign.Configuration;

namespace Countersign.Lint.Addresses;

/// <summary>A client without SNI is verified for the default server, whichever it asks afterwards.</summary>
internal sealed class TrustDiffers : LintRule
{
    public override string Id => "lint/trust-differs";

    public override IEnumerable<LintWarning> Check(LintCase lint)
    {
        var asking = lint.Asking.ToHashSet();
        var differing = lint.Addresses
            .Where(address => asking.Contains(address.Default) && !TurnedAway.By(address.Default))
            .Select(address => (Address: address, Servers: address.Servers.Where(server => asking.Contains(server) && Differs(lint, address.Default, server)).ToList()))
            .Where(found => found.Servers.Count > 0);
        foreach (var same in differing.GroupBy(found => (found.Address.Default, string.Join(' ', found.Servers.Select(server => server.Id)))))
        {
            var addresses = same.Select(found => found.Address).ToList();
            var servers = same.First().Servers;
            var letIn = servers.Where(server => server.Ssl.NginxCompatibility).ToList();
            var misdirected = servers.Except(letIn).ToList();
            if (misdirected.Count > 0)
            {
                yield return Warning(same.Key.Default, addresses, misdirected, "and these answer it 421");
            }
            if (letIn.Count > 0)
            {
                yield return Warning(same.Key.Default, addresses, letIn, "and these let it in all the same (compatibility nginx)");
            }
        }
    }

    private LintWarning Warning(ServerPlan server, IReadOnlyList<LintAddress> addresses, IReadOnlyList<ServerPlan> others, string consequence) => new(
        Id,
        $"servers on {LintText.List(addresses.Select(address => address.Text))} verify clients by other authorities, lists or depth than the default server: a client without SNI is verified by the default server's, {consequence}",
        others[0].Ssl.ClientCertificateAt ?? others[0].Ssl.TrustedCertificateAt ?? others[0].Position,
        "Verify alike on one address, or give clients without SNI a default server that turns them away:",
        DefaultServer.ThatRefuses(addresses))
    {
        Servers = others,
    };

    private static bool Differs(LintCase lint, ServerPlan one, ServerPlan other) =>
        one != other && !TurnedAway.By(other) && lint.TrustOf(one) is { } trust && lint.TrustOf(other)?.IsSame(trust) != true;
}
