using Countersign.Configuration;

namespace Countersign.Lint.Addresses;

/// <summary>A client without SNI meets the default server; where that one does not ask, it has no certificate for the others.</summary>
internal sealed class DefaultServerWithoutPolicy : LintRule
{
    public override string Id => "lint/default-server-without-policy";

    public override IEnumerable<LintWarning> Check(LintCase lint)
    {
        var asking = lint.Asking.ToHashSet();
        var open = lint.Addresses
            .Where(address => address.Default.Ssl.VerifyClient == VerifyClient.Off && !TurnedAway.By(address.Default))
            .Select(address => (Address: address, Servers: address.Servers.Where(asking.Contains).ToList()))
            .Where(found => found.Servers.Count > 0);
        foreach (var same in open.GroupBy(found => (found.Address.Default, string.Join(' ', found.Servers.Select(server => server.Id)))))
        {
            var addresses = same.Select(found => found.Address).ToList();
            var server = same.Key.Default;
            yield return new LintWarning(
                Id,
                $"the default server of {LintText.List(addresses.Select(address => address.Text))} asks nobody for a certificate, and other servers there do: a client without SNI is never asked for one",
                server.Ssl.VerifyClientAt ?? server.Position,
                "Let the default server ask, too, or give clients without SNI a default server that turns them away:",
                DefaultServer.ThatRefuses(addresses))
            {
                Servers = same.First().Servers,
            };
        }
    }
}
