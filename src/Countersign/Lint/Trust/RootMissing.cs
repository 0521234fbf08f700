using Countersign.Refusals;

namespace Countersign.Lint.Trust;

/// <summary>A path has to end at a certificate that signed itself; nginx has no ssl_verify_partial_chain.</summary>
internal sealed class RootMissing : LintRule
{
    public override string Id => "lint/root-missing";

    public override IEnumerable<LintWarning> Check(LintCase lint)
    {
        foreach (var bundle in lint.Bundles)
        {
            var rootless = bundle.Authorities.Where(entry => entry.Depth is null).ToList();
            if (rootless.Count == 0)
            {
                continue;
            }
            var missing = bundle.Report.Findings.OfType<IssuerMissing>().Where(finding => finding.IsFatal).ToList();
            var who = missing.Count == 0 ? "their root" : LintText.List(missing.Select(finding => $"\"{finding.Issuer}\""));
            var urls = missing.SelectMany(finding => finding.Urls).Distinct().ToList();
            yield return bundle.Warning(
                Id,
                $"{LintText.Subjects(rootless)} in {bundle.File} {(rootless.Count == 1 ? "leads" : "lead")} to no root, as {who} is not there: all clients below are refused",
                urls.Count == 0 ? "Append what is missing, up to a certificate that signed itself:"
                    : $"Append what is missing, up to a certificate that signed itself; its place is said to be {LintText.List(urls)}:",
                $"cat root.pem >> {bundle.File}");
        }
    }
}
