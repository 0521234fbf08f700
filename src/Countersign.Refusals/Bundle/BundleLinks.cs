namespace Countersign.Refusals;

/// <summary>Who issued whom in a bundle. A file may hold anything: names, and signatures even more, are compared a counted number of times.</summary>
internal sealed class BundleLinks(BundleCase bundle)
{
    private const int MaximumSignatures = 4096;
    private const int MaximumComparisons = 1_000_000;
    private const int MostRenewals = 64;

    private readonly Dictionary<string, List<BundleEntry>> _byName = new(StringComparer.Ordinal);
    private int _signatures;
    private int _comparisons;

    public bool IsSpent => _signatures >= MaximumSignatures || _comparisons >= MaximumComparisons;

    /// <summary>Sets role, issuers and depth of each.</summary>
    public void Link(IReadOnlyList<BundleEntry> entries)
    {
        var known = new Dictionary<CertificateFacts, BundleEntry>();
        foreach (var entry in entries)
        {
            if (entry.Certificate is not { } certificate)
            {
                continue;
            }
            if (!known.TryAdd(certificate, entry))
            {
                entry.DuplicateOf = known[certificate];
                continue;
            }
            if (!_byName.TryGetValue(certificate.Subject.Canonical, out var namesakes))
            {
                _byName.Add(certificate.Subject.Canonical, namesakes = []);
            }
            namesakes.Add(entry);
        }
        foreach (var entry in known.Values)
        {
            entry.IsSelfSigned = entry.Certificate!.IsSelfIssued && IsSigned(entry.Certificate, entry.Certificate);
            entry.Issuers = entry.IsSelfSigned ? [] : IssuersOf(entry);
            foreach (var issuer in entry.Issuers)
            {
                issuer.Add(entry);
            }
        }
        foreach (var same in known.Values.GroupBy(entry => (entry.Certificate!.Subject.Canonical, entry.Certificate.PublicKeySha256)))
        {
            var all = same.ToList();
            foreach (var entry in all)
            {
                entry.Renewals = all.Count == 1 ? [] : [.. all.Where(other => other != entry).Take(MostRenewals)];
                entry.Role = RoleOf(entry);
            }
        }
        SetDepths(known.Values);
        foreach (var entry in entries)
        {
            if (entry.DuplicateOf is { } first)
            {
                (entry.Role, entry.IsSelfSigned, entry.Issuers, entry.Depth) = (first.Role, first.IsSelfSigned, first.Issuers, first.Depth);
            }
        }
    }

    private IReadOnlyList<BundleEntry> IssuersOf(BundleEntry entry)
    {
        var issuers = new List<BundleEntry>();
        foreach (var candidate in _byName.GetValueOrDefault(entry.Certificate!.Issuer.Canonical) ?? [])
        {
            if (candidate == entry)
            {
                continue;
            }
            if (++_comparisons > MaximumComparisons)
            {
                break;
            }
            if (CanIssue(candidate.Certificate!) && entry.Certificate.IsIssuedBy(candidate.Certificate!) && IsSigned(entry.Certificate, candidate.Certificate!))
            {
                issuers.Add(candidate);
            }
        }
        return issuers;
    }

    private bool IsSigned(CertificateFacts subject, CertificateFacts issuer) =>
        _signatures >= MaximumSignatures ? subject.IsIssuedBy(issuer) : ++_signatures > 0 && bundle.IsSigned(subject, issuer);

    private static BundleRole RoleOf(BundleEntry entry)
    {
        var certificate = entry.Certificate!;
        return !CanIssue(certificate) ? BundleRole.Leaf
            : entry.IsSelfSigned ? BundleRole.Root
            : certificate.IsSelfIssued || entry.Renewals.Any(other => !other.Certificate!.Issuer.IsSame(certificate.Issuer)) ? BundleRole.CrossSigned
            : BundleRole.Intermediate;
    }

    // X509_check_ca(): without basic constraints the key usage decides.
    private static bool CanIssue(CertificateFacts certificate) =>
        certificate.IsAuthority || (certificate.BasicConstraints is null && certificate.KeyUsage?.Contains("keyCertSign") == true);

    // From the roots downwards, so that certificates which issue each other end it, too.
    private static void SetDepths(IReadOnlyCollection<BundleEntry> entries)
    {
        var next = new Queue<BundleEntry>();
        foreach (var root in entries.Where(entry => entry.IsSelfSigned))
        {
            root.Depth = 0;
            next.Enqueue(root);
        }
        while (next.TryDequeue(out var issuer))
        {
            foreach (var entry in issuer.Issued)
            {
                if (entry.Depth is null)
                {
                    entry.Depth = issuer.Depth + 1;
                    next.Enqueue(entry);
                }
            }
        }
    }
}
