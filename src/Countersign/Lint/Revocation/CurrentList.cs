using Countersign.Refusals;

namespace Countersign.Lint.Revocation;

/// <summary>Of several lists OpenSSL takes one that is valid.</summary>
internal static class CurrentList
{
    /// <returns>The one that lasts longest; null when the authority has none.</returns>
    public static CrlFacts? Of(BundleEntry authority) => authority.Crls.MaxBy(crl => crl.NextUpdate ?? DateTimeOffset.MaxValue);
}
