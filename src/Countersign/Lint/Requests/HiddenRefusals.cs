using Countersign.Configuration;

namespace Countersign.Lint.Requests;

/// <summary>Clients are refused, and no log says so.</summary>
internal sealed class HiddenRefusals : LintRule
{
    public override string Id => "lint/hidden-refusals";

    public override IEnumerable<LintWarning> Check(LintCase lint) => lint.Asking
        .Where(server => server.Refusals.Log is null && server.Root.Core.ErrorLogs.All(log => log.Level < server.Refusals.Level))
        .Select(server => new LintWarning(
            Id,
            $"no log says whom the gate refuses: there is no refusal_log, and error_log leaves out what is below {server.Root.Core.ErrorLogs.Max(log => log.Level).ToString().ToLowerInvariant()}",
            server.Ssl.VerifyClientAt ?? server.Position,
            "Write one of the two:",
            "refusal_log logs/refusal.log;\nerror_log logs/error.log warn;")
        {
            Servers = [server],
        });
}
