using Countersign.Refusals;

namespace Countersign.Lint.Revocation;

/// <summary>As nginx: with ssl_crl every authority of a path needs a list.</summary>
internal sealed class CrlMissing : LintRule
{
    public override string Id => "lint/crl-missing";

    public override IEnumerable<LintWarning> Check(LintCase lint) =>
        from bundle in lint.Bundles
        where bundle.Report.ChecksRevocation
        let bare = bundle.Authorities.Where(entry => entry.Crls.Count == 0 && entry.Depth is not null).ToList()
        where bare.Count > 0
        select bundle.Warning(
            Id,
            $"{LintText.Subjects(bare)} in {bundle.File} {(bare.Count == 1 ? "has" : "have")} no list in {bundle.CrlFile}: all clients below are refused (3:unable to get certificate CRL)",
            Advice(bare),
            $"openssl crl -in new.crl >> {bundle.CrlFile}",
            bundle.CrlPosition);

    private static string Advice(IReadOnlyList<BundleEntry> bare) => bare.Count == 1
        ? "Append its current list, also when it has revoked nobody:" : "Append the current list of each, also of those that have revoked nobody:";
}
