namespace Countersign.Refusals;

/// <summary>
/// A bundle as it should be: each certificate once, nothing that lets nobody in, and by path. Authorities stand before their issuers, each root at the
/// end of what leads to it, as in a chain that is sent: a reader sees one authority at a time, and two bundles of the same certificates are equal.
/// Cross-signed ones come last, because OpenSSL takes the first of a name and the way over its own root is the one that holds.
/// </summary>
/// <param name="Dropped">Those left out, with the reason.</param>
public sealed record BundleOrder(IReadOnlyList<BundleEntry> Kept, IReadOnlyList<(BundleEntry Entry, string Why)> Dropped)
{
    public static BundleOrder Of(BundleReport report)
    {
        var dropped = report.Entries.Select(entry => (Entry: entry, Why: WhyNot(entry, report))).Where(one => one.Why.Length > 0).ToList();
        var left = dropped.Select(one => one.Entry).ToHashSet();
        var seen = new HashSet<BundleEntry>();
        var kept = new List<BundleEntry>();
        var unique = report.Entries.Where(entry => entry.Certificate is not null && entry.DuplicateOf is null).OrderBy(Key, StringComparer.Ordinal).ToList();
        // Without a root above them they come last, and what is in a circle after that.
        foreach (var top in (BundleEntry[])[.. unique.Where(entry => entry.IsSelfSigned), .. unique.Where(entry => entry.Issuers.Count == 0), .. unique])
        {
            kept.AddRange(From(top, seen).Where(entry => !left.Contains(entry)));
        }
        return new BundleOrder([.. kept.Where(entry => entry.Role != BundleRole.CrossSigned), .. kept.Where(entry => entry.Role == BundleRole.CrossSigned)], dropped);
    }

    private static string WhyNot(BundleEntry entry, BundleReport report) => entry switch
    {
        { Certificate: null } => entry.Item.Fault,
        { DuplicateOf: { } first } => $"is {first.Place} again",
        { Certificate: var certificate } when certificate.NotAfter < report.Now => $"ended {Evidence.Text(certificate.NotAfter)}",
        { Role: BundleRole.Leaf, IsSelfSigned: false } => "is no authority",
        _ => "",
    };

    // Each before its issuer: the other way round than they are found.
    private static List<BundleEntry> From(BundleEntry top, HashSet<BundleEntry> seen)
    {
        var found = new List<BundleEntry>();
        var next = new Stack<BundleEntry>([top]);
        while (next.TryPop(out var entry))
        {
            if (!seen.Add(entry))
            {
                continue;
            }
            found.Add(entry);
            foreach (var issued in entry.Issued.OrderBy(Key, StringComparer.Ordinal))
            {
                next.Push(issued);
            }
        }
        found.Reverse();
        return found;
    }

    private static string Key(BundleEntry entry) => entry.Certificate!.Subject.Canonical + "\n" + entry.Certificate.Sha256;
}
