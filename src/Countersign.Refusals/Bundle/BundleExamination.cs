namespace Countersign.Refusals;

/// <summary>Every finding about a bundle, in the order of its certificates.</summary>
internal static class BundleExamination
{
    private const string ClientAuth = "1.3.6.1.5.5.7.3.2";

    /// <summary>From here on a list of names is worth a word.</summary>
    private const int NotableBytes = BundleReport.RecordBytes * 3 / 4;

    /// <summary>Looked at below one authority.</summary>
    private const int MostBelow = 1000;

    public static IEnumerable<BundleFinding> Run(BundleReport report, BundleCase bundle)
    {
        var unique = report.Entries.Where(entry => entry.Certificate is not null && entry.DuplicateOf is null).ToList();
        return
        [
            .. bundle.Faults.Select(fault => new StrangeBlock(fault)),
            .. report.Entries.Where(entry => entry.Certificate is null).Select(entry => new UnreadableEntry(entry)),
            .. Missing(unique),
            .. unique.SelectMany(entry => Content(entry, bundle)),
            .. unique.Select(PathLength).OfType<BundleFinding>(),
            .. report.Entries.Where(entry => entry.DuplicateOf is not null).Select(entry => new DuplicateEntry(entry, entry.DuplicateOf!)),
            .. Namesakes(unique, bundle.Now),
            .. Lists(report, unique, bundle),
            .. report.AdvertisedBytes > NotableBytes ? [new LargeList(report.AdvertisedNames, report.AdvertisedBytes)] : (BundleFinding[])[],
        ];
    }

    private static IEnumerable<BundleFinding> Missing(List<BundleEntry> unique)
    {
        var authorities = unique.Where(entry => entry.IsAuthority).ToList();
        if (!unique.Exists(entry => entry.IsSelfSigned) && authorities.Count == 0)
        {
            yield return new NothingTrusted(unique.Count);
        }
        var byName = authorities.ToLookup(entry => entry.Certificate!.Subject.Canonical);
        var orphans = authorities.Where(entry => !entry.IsSelfSigned && entry.Issuers.Count == 0).ToList();
        foreach (var group in orphans.GroupBy(entry => (entry.Certificate!.Issuer.Canonical, entry.Certificate.AuthorityKeyId)))
        {
            var needed = group.ToList();
            yield return new IssuerMissing(
                needed[0].Certificate!.Issuer, group.Key.AuthorityKeyId, needed, [.. byName[group.Key.Canonical].Except(needed).Take(BundleText.Most)]);
        }
        var explained = Below(orphans);
        if (authorities.Where(entry => entry.Depth is null && !explained.Contains(entry)).ToList() is { Count: > 0 } circle)
        {
            yield return new NoRoot(circle);
        }
    }

    private static HashSet<BundleEntry> Below(IEnumerable<BundleEntry> entries)
    {
        var seen = new HashSet<BundleEntry>(entries);
        for (var next = new Queue<BundleEntry>(seen); next.TryDequeue(out var one);)
        {
            foreach (var issued in one.Issued.Where(seen.Add))
            {
                next.Enqueue(issued);
            }
        }
        return seen;
    }

    private static IEnumerable<BundleFinding> Content(BundleEntry entry, BundleCase bundle)
    {
        var certificate = entry.Certificate!;
        if (certificate.NotAfter < bundle.Now)
        {
            yield return new ExpiredEntry(entry, entry.Renewals.FirstOrDefault(other => other.Certificate!.NotAfter >= bundle.Now), bundle.Now);
        }
        else if (certificate.NotAfter - bundle.Now < bundle.Soon && !entry.Renewals.Any(other => other.Certificate!.NotAfter > certificate.NotAfter))
        {
            yield return new EndsSoon(entry, bundle.Now);
        }
        if (certificate.NotBefore > bundle.Now)
        {
            yield return new NotYetValidEntry(entry, bundle.Now);
        }
        if (!entry.IsAuthority)
        {
            yield return entry.IsSelfSigned ? new PinnedLeaf(entry) : new LeafEntry(entry);
            yield break;
        }
        if (certificate.ExtendedKeyUsage?.Contains(ClientAuth) == false)
        {
            yield return new PurposeLimit(entry);
        }
        if (certificate.KeyUsage?.Contains("keyCertSign") == false)
        {
            yield return new CannotSign(entry);
        }
        if (certificate.Critical.Where(type => !ObjectNames.IsHandled(type)).ToList() is { Count: > 0 } unknown)
        {
            yield return new UnknownCritical(entry, unknown);
        }
        if (WeakEntry.Is(entry))
        {
            yield return new WeakEntry(entry);
        }
    }

    /// <summary>The nearest authority that stands too far below; self-issued ones do not count (RFC 5280, 6.1.4).</summary>
    private static PathLengthLimit? PathLength(BundleEntry entry)
    {
        if (!entry.IsAuthority || entry.Certificate!.BasicConstraints?.PathLength is not { } allowed)
        {
            return null;
        }
        var counts = new Dictionary<BundleEntry, int> { [entry] = 0 };
        for (var next = new Queue<BundleEntry>([entry]); next.TryDequeue(out var issuer) && counts.Count < MostBelow;)
        {
            foreach (var below in issuer.Issued.Where(one => one.IsAuthority && !counts.ContainsKey(one)))
            {
                var count = counts[below] = counts[issuer] + (below.Certificate!.IsSelfIssued ? 0 : 1);
                if (count > allowed)
                {
                    return new PathLengthLimit(entry, below, count);
                }
                next.Enqueue(below);
            }
        }
        return null;
    }

    private static IEnumerable<BundleFinding> Namesakes(List<BundleEntry> unique, DateTimeOffset now)
    {
        foreach (var name in unique.Where(entry => entry.IsAuthority).GroupBy(entry => entry.Certificate!.Subject.Canonical).Where(name => name.Skip(1).Any()))
        {
            var keys = name.GroupBy(entry => entry.Certificate!.PublicKeySha256).Select(key => key.ToList()).ToList();
            foreach (var same in keys)
            {
                var issuers = same.GroupBy(entry => entry.Certificate!.Issuer.Canonical).Select(issuer => issuer.ToList()).ToList();
                foreach (var renewed in issuers.Where(issuer => issuer.Count > 1))
                {
                    yield return new SameAuthority(renewed, now);
                }
                if (issuers.Count > 1)
                {
                    yield return new CrossSignedAuthority(same);
                }
            }
            if (keys.Count > 1)
            {
                yield return new RekeyedAuthority([.. keys.SelectMany(key => key)]);
            }
        }
    }

    private static IEnumerable<BundleFinding> Lists(BundleReport report, List<BundleEntry> unique, BundleCase bundle)
    {
        var authorities = unique.Where(entry => entry.IsAuthority).ToList();
        foreach (var entry in authorities.Where(_ => report.ChecksRevocation))
        {
            if (entry.Crls.Count == 0)
            {
                yield return new AuthorityWithoutCrl(entry);
            }
            else if (entry.Certificate!.KeyUsage?.Contains("cRLSign") == false)
            {
                yield return new CannotSignCrls(entry);
            }
        }
        var byName = authorities.ToLookup(entry => entry.Certificate!.Subject.Canonical);
        foreach (var same in bundle.Crls.GroupBy(crl => (crl.Issuer.Canonical, crl.AuthorityKeyId)))
        {
            var lists = same.ToList();
            var namesakes = byName[same.Key.Canonical].ToList();
            var isCovered = lists.Exists(crl => crl.ThisUpdate <= bundle.Now && !crl.IsLapsed(bundle.Now));
            var last = lists.Max(crl => crl.NextUpdate ?? DateTimeOffset.MaxValue);
            foreach (var crl in lists)
            {
                if (!isCovered && crl.IsLapsed(bundle.Now))
                {
                    yield return new LapsedCrl(crl, bundle.Now);
                }
                else if (!isCovered && crl.ThisUpdate > bundle.Now)
                {
                    yield return new NotYetValidCrl(crl, bundle.Now);
                }
                else if (crl.NextUpdate is { } end && end == last && end > bundle.Now && end - bundle.Now < bundle.Soon)
                {
                    yield return new CrlEndsSoon(crl, bundle.Now);
                }
                if (crl.IsDelta || crl.Scope.Count > 0)
                {
                    yield return new PartialCrl(crl);
                }
                if (!namesakes.Exists(entry => crl.Covers(entry.Certificate!)))
                {
                    yield return new StrayCrl(crl, namesakes.FirstOrDefault());
                }
            }
        }
    }
}
