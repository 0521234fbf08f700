using Countersign.Refusals;

namespace Countersign.Lint.Revocation;

/// <summary>The newest list of an authority is over.</summary>
internal sealed class CrlExpired : LintRule
{
    public override string Id => "lint/crl-expired";

    public override IEnumerable<LintWarning> Check(LintCase lint) =>
        from bundle in lint.Bundles
        let lapsed = bundle.Authorities.Select(authority => CurrentList.At(authority, lint.Now)).OfType<CrlFacts>().Where(crl => crl.IsLapsed(lint.Now)).Distinct().ToList()
        where lapsed.Count > 0
        select bundle.Warning(
            Id,
            $"{LintText.List(lapsed.Select(crl => $"the list of \"{crl.Issuer}\" (until {Evidence.Text(crl.NextUpdate!.Value)})"))} in {bundle.CrlFile} ended: all clients below are refused (12:CRL has expired)",
            "Replace it by the current one, and reload:",
            lint.ReloadCommand,
            bundle.CrlPosition);
}
