using Countersign.Refusals;

namespace Countersign.Lint.Revocation;

/// <summary>The next list is due, and when it does not come nobody is let in.</summary>
internal sealed class CrlEndsSoon : LintRule
{
    private static readonly TimeSpan Day = TimeSpan.FromHours(24);

    // A list that is made every day always has less than a day to go.
    private static readonly TimeSpan Daily = TimeSpan.FromHours(48);

    public override string Id => "lint/crl-ends-soon";

    public override IEnumerable<LintWarning> Check(LintCase lint) =>
        from bundle in lint.Bundles
        let ending = bundle.Authorities.Select(CurrentList.Of).OfType<CrlFacts>().Distinct().Select(crl => Text(crl, lint.Now)).OfType<string>().ToList()
        where ending.Count > 0
        select bundle.Warning(
            Id,
            $"{LintText.List(ending)} in {bundle.CrlFile} {(ending.Count == 1 ? "ends" : "end")} soon, and all clients below are refused from then on",
            "Replace it by the next one, and reload:",
            lint.ReloadCommand,
            bundle.CrlPosition);

    private static string? Text(CrlFacts crl, DateTimeOffset now)
    {
        if (crl.NextUpdate is not { } end || end < now)
        {
            return null;
        }
        var (left, life) = (end - now, end - crl.ThisUpdate);
        var why = left < life / 10 ? "under a tenth of its time" : left < Day && life > Daily ? "under 24 hours" : null;
        return why is null ? null : $"the list of \"{crl.Issuer}\" (until {Evidence.Text(end)}, {Span.Of(left)} left, {why})";
    }
}
