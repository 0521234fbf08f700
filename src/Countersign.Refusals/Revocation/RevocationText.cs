namespace Countersign.Refusals;

/// <summary>An authority of the path, and whether ssl_crl has a list of it.</summary>
public sealed record CrlCoverage(string Authority, bool HasList);

/// <summary>Phrases that the reasons about revocation share.</summary>
internal static class RevocationText
{
    public static string Of(CrlFacts crl) =>
        $"the list{(crl.Number.Length == 0 ? "" : $" number {crl.Number}")} of {Evidence.Text(crl.ThisUpdate)}{(crl.File.Length == 0 ? "" : $" in {crl.File}")}";

    public static string Covered(IReadOnlyList<CrlCoverage> coverage)
    {
        var names = coverage.Where(one => one.HasList).Select(one => $"\"{one.Authority}\"").ToList();
        return names.Count == 0 ? "none" : string.Join(", ", names);
    }
}
