using Countersign.Refusals;

namespace Countersign.Lint.Revocation;

/// <summary>Of several lists OpenSSL takes one that is valid.</summary>
internal static class CurrentList
{
    /// <returns>The one that lasts longest; null when the authority has none.</returns>
    public static CrlFacts? Of(BundleEntry authority) => Last(authority.Crls);

    /// <returns>The same of those that have begun.</returns>
    public static CrlFacts? At(BundleEntry authority, DateTimeOffset now) => Last(authority.Crls.Where(crl => crl.ThisUpdate <= now));

    private static CrlFacts? Last(IEnumerable<CrlFacts> lists) => lists.MaxBy(crl => crl.NextUpdate ?? DateTimeOffset.MaxValue);
}
