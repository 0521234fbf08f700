using Countersign.Refusals;

namespace Countersign.Lint.Trust;

/// <summary>Two authorities of one name that nothing but a signature tells apart; OpenSSL does not try a second one.</summary>
internal sealed class RekeyedName : LintRule
{
    public override string Id => "lint/rekeyed-name";

    public override IEnumerable<LintWarning> Check(LintCase lint) =>
        from bundle in lint.Bundles
        from name in bundle.Report.Findings.OfType<RekeyedAuthority>()
        where name.CannotBeTold
        select bundle.Warning(
            Id,
            $"{LintText.Subjects(name.Entries)} in {bundle.File} have one name, different keys and not all a subject key identifier: OpenSSL tries only one of them, and clients of the others are refused",
            "Issue the new authority under a name of its own, or both with a subject key identifier.");
}
