namespace Countersign.Refusals;

/// <summary>What is in a bundle, what is missing and what is wrong. Nothing here decides: the gate asks libssl.</summary>
public sealed class BundleReport
{
    /// <summary>Bytes of a TLS record: some clients take no CertificateRequest that needs a second one.</summary>
    public const int RecordBytes = 16 * 1024;

    /// <summary>The list has two bytes for its length.</summary>
    public const int ListBytes = 65535;

    private BundleReport(BundleCase bundle, IReadOnlyList<BundleEntry> entries, BundleLinks links)
    {
        Now = bundle.Now;
        ChecksRevocation = bundle.ChecksRevocation;
        Entries = entries;
        Crls = bundle.Crls;
        IsWhole = !links.IsSpent;
        Findings = [.. BundleExamination.Run(this, bundle).OrderBy(finding => finding.Severity)];
    }

    public DateTimeOffset Now { get; }

    public bool ChecksRevocation { get; }

    /// <summary>In the order of the files.</summary>
    public IReadOnlyList<BundleEntry> Entries { get; }

    public IReadOnlyList<CrlFacts> Crls { get; }

    /// <summary>The worst first.</summary>
    public IReadOnlyList<BundleFinding> Findings { get; }

    /// <summary>False when there was more to compare than is compared: names were believed then where signatures were not checked.</summary>
    public bool IsWhole { get; }

    /// <summary>The largest ssl_verify_depth that clients right below an authority of the bundle need.</summary>
    public int Deepest => Entries.Where(entry => entry.IsAuthority).Max(entry => entry.Depth) ?? 0;

    /// <summary>Names in the list that goes to clients: each once.</summary>
    public int AdvertisedNames => Entries.Count(entry => entry.AdvertisedBytes > 0);

    /// <summary>What the names take in a CertificateRequest, each with the two bytes of its length.</summary>
    public int AdvertisedBytes => Entries.Sum(entry => entry.AdvertisedBytes);

    /// <summary>There is something to mend.</summary>
    public bool HasFaults => Findings.Any(finding => finding.Severity != BundleSeverity.Note);

    public static BundleReport Of(BundleCase bundle)
    {
        var entries = bundle.Items.Select((item, index) => new BundleEntry(item, index)).ToList();
        var links = new BundleLinks(bundle);
        links.Link(entries);
        Advertise(entries);
        var lists = bundle.Crls.ToLookup(crl => crl.Issuer.Canonical);
        foreach (var entry in entries.Where(entry => entry.IsAuthority))
        {
            entry.Crls = [.. lists[entry.Certificate!.Subject.Canonical].Where(crl => crl.Covers(entry.Certificate))];
        }
        return new BundleReport(bundle, entries, links);
    }

    // SSL_load_client_CA_file() takes names that compare equal once, whatever their encoding.
    private static void Advertise(List<BundleEntry> entries)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in entries)
        {
            if (entry.Certificate is { } certificate && names.Add(certificate.Subject.Canonical))
            {
                entry.AdvertisedBytes = certificate.Subject.Raw.Length + 2;
            }
        }
    }
}
