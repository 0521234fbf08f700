namespace Countersign.Refusals;

/// <summary>Phrases that the findings share.</summary>
internal static class BundleText
{
    /// <summary>Certificates that one sentence names.</summary>
    public const int Most = 6;

    public static string List(IReadOnlyList<BundleEntry> entries) => string.Join(" and ", entries.Take(Most).Select(entry => entry.ToString()))
        + (entries.Count > Most ? $" and {entries.Count - Most} more" : "");

    public static string Dated(IReadOnlyList<BundleEntry> entries) => string.Join(" and ", entries.Take(Most).Select(
        entry => $"{entry} until {Evidence.Text(entry.Certificate!.NotAfter)}"));

    public static string Times(int count) => count == 2 ? "twice" : $"{count} times";
}
