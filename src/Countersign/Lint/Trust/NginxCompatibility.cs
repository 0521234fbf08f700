namespace Countersign.Lint.Trust;

/// <summary>compatibility nginx takes back what keeps a session within its trust.</summary>
internal sealed class NginxCompatibility : LintRule
{
    public override string Id => "lint/nginx-compatibility";

    public override IEnumerable<LintWarning> Check(LintCase lint) => lint.Asking.Where(server => server.Ssl.NginxCompatibility).Select(server => new LintWarning(
        Id,
        "\"compatibility nginx\" lets a client resume its session although its certificate has been revoked or has ended, or was verified for another server",
        server.Ssl.NginxCompatibilityAt ?? server.Position,
        "Take it out: without it such a client is verified afresh.")
    {
        Servers = [server],
    });
}
