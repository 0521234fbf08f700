using Countersign.Refusals;

namespace Countersign.Lint.Trust;

/// <summary>Authorities, and clients trusted by their own certificate, whose time is over or nearly so.</summary>
internal sealed class ExpiredInBundle : LintRule
{
    private static readonly TimeSpan Soon = TimeSpan.FromDays(30);

    public override string Id => "lint/expired-in-bundle";

    public override IEnumerable<LintWarning> Check(LintCase lint)
    {
        foreach (var bundle in lint.Bundles)
        {
            var ending = bundle.Entries
                .Where(entry => (entry.IsAuthority || entry.IsSelfSigned) && entry.Certificate!.NotAfter < lint.Now + Soon)
                .Where(entry => !bundle.Entries.Any(other => IsRenewed(entry.Certificate!, other.Certificate!, lint.Now)))
                .ToLookup(entry => entry.Certificate!.NotAfter < lint.Now);
            if (ending[true].Any())
            {
                yield return bundle.Warning(
                    Id,
                    $"{Dated(ending[true])} in {bundle.File} ended: clients whose path leads over it are refused",
                    "Put the renewed certificate in its place, or take it out when it has no clients any more.");
            }
            if (ending[false].Any())
            {
                yield return bundle.Warning(
                    Id,
                    $"{Dated(ending[false])} in {bundle.File} will have ended within 30 days: clients whose path leads over it are refused then",
                    "Append the renewed certificate before.");
            }
        }
    }

    // The same name and key for longer: OpenSSL takes the one that is valid.
    private static bool IsRenewed(CertificateFacts one, CertificateFacts other, DateTimeOffset now) =>
        other.NotAfter >= now + Soon && other.NotBefore <= now && other.Subject.IsSame(one.Subject) && other.PublicKeySha256 == one.PublicKeySha256;

    private static string Dated(IEnumerable<BundleEntry> entries) => LintText.List(entries.Select(
        entry => $"\"{entry.Certificate!.Subject}\" (certificate {entry.Item.Number}, until {Evidence.Text(entry.Certificate.NotAfter)})"));
}
