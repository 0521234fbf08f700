namespace Countersign.Refusals;

/// <summary>
/// Builds the path from a leaf to an anchor as X509_verify_cert() does, the bundle before what was sent, but without a limit of depth and without
/// stopping at dates: where it ends is what the operator has to know. What a client sends may be hostile, so its work is counted and ends.
/// </summary>
public sealed class PathBuilder
{
    private readonly Func<CertificateFacts, CertificateFacts, bool> _isSigned;
    private readonly DateTimeOffset _now;
    private readonly Dictionary<(CertificateFacts, CertificateFacts), bool> _known = [];
    private readonly HashSet<CertificateFacts> _readKeys;
    private readonly Dictionary<IReadOnlyList<CertificateFacts>, Dictionary<string, List<CertificateFacts>>> _byName = new(ReferenceEqualityComparer.Instance);

    /// <param name="isSigned">As <see cref="ChainCase.IsSigned"/>.</param>
    /// <param name="now">OpenSSL prefers an issuer that is in time to one that is not.</param>
    /// <param name="budget">Shared with everything else that is done for the same refusal.</param>
    /// <param name="presented">What the client sent: libssl has read these keys.</param>
    public PathBuilder(
        Func<CertificateFacts, CertificateFacts, bool> isSigned, DateTimeOffset now, AnalysisBudget? budget = null, IReadOnlyList<CertificateFacts>? presented = null)
    {
        _isSigned = isSigned;
        _now = now;
        _readKeys = [.. presented ?? []];
        Budget = budget ?? new AnalysisBudget();
    }

    public AnalysisBudget Budget { get; }

    /// <param name="trusted">The bundle.</param>
    /// <param name="untrusted">What may lead to it.</param>
    /// <param name="accepts">Whether a certificate may stand in the path; null for every one.</param>
    /// <returns>The first path to an anchor, or else the longest; one that is cut because the work was done says so.</returns>
    public CertificatePath Build(
        CertificateFacts leaf,
        IReadOnlyList<CertificateFacts> trusted,
        IReadOnlyList<CertificateFacts> untrusted,
        Func<CertificateFacts, bool>? accepts = null)
    {
        CertificatePath? best = null;
        Extend([leaf], trusted, untrusted, accepts, ref best);
        return best is { End: not PathEnd.Anchor } && Budget.IsSpent ? best with { End = PathEnd.Unfinished } : best!;
    }

    /// <summary>
    /// The path that OpenSSL takes: each time the first issuer by name and key identifier, whatever its key, and never back. Its errors' depths count
    /// along this one.
    /// </summary>
    public CertificatePath Follow(CertificateFacts leaf, IReadOnlyList<CertificateFacts> trusted, IReadOnlyList<CertificateFacts> untrusted)
    {
        var path = new List<CertificateFacts> { leaf };
        while (true)
        {
            var last = path[^1];
            if (last.IsSelfIssued && last.IsIssuedBy(last))
            {
                return Ended(path, trusted, trusted.Contains(last) ? PathEnd.Anchor : PathEnd.SelfSigned);
            }
            if (path.Count >= AnalysisBudget.MaximumLength || Namesakes(last, trusted) is not { } known || Namesakes(last, untrusted) is not { } sent)
            {
                return Ended(path, trusted, PathEnd.Unfinished);
            }
            var issuer = First(known, last) ?? First(sent, last);
            if (issuer is null)
            {
                var namesake = known.Concat(sent).FirstOrDefault(one => !one.IsSame(last));
                return Ended(path, trusted, namesake is null ? PathEnd.IssuerAbsent : PathEnd.IssuerOtherKey, namesake);
            }
            if (path.Contains(issuer))
            {
                return Ended(path, trusted, PathEnd.Loop);
            }
            path.Add(issuer);
        }
    }

    /// <summary>The same as the case's own answer, and counted; false once the work allowed is done.</summary>
    public bool IsSigned(CertificateFacts subject, CertificateFacts issuer)
    {
        if (_known.TryGetValue((subject, issuer), out var known))
        {
            return known;
        }
        // libcrypto reads a trusted issuer's key when it is first asked for it.
        var reading = _readKeys.Add(issuer) ? SignatureCost.OfReading : 0;
        return Budget.TakeSignature(SignatureCost.Of(issuer) + reading) && (_known[(subject, issuer)] = _isSigned(subject, issuer));
    }

    private bool Extend(
        List<CertificateFacts> path,
        IReadOnlyList<CertificateFacts> trusted,
        IReadOnlyList<CertificateFacts> untrusted,
        Func<CertificateFacts, bool>? accepts,
        ref CertificatePath? best)
    {
        var last = path[^1];
        if (last.IsSelfIssued && last.IsIssuedBy(last))
        {
            // libssl does not check the signature of a root that it trusts, either.
            if (trusted.Contains(last))
            {
                Keep(path, trusted, PathEnd.Anchor, null, ref best);
                return true;
            }
            if (IsSigned(last, last))
            {
                Keep(path, trusted, PathEnd.SelfSigned, null, ref best);
                return false;
            }
        }
        CertificateFacts? namesake = null;
        var isLoop = false;
        var isExtended = false;
        foreach (var candidates in (ReadOnlySpan<IReadOnlyList<CertificateFacts>>)[trusted, untrusted])
        {
            if (path.Count >= AnalysisBudget.MaximumLength || Namesakes(last, candidates) is not { } namesakes)
            {
                Keep(path, trusted, PathEnd.Unfinished, null, ref best);
                return false;
            }
            foreach (var candidate in namesakes)
            {
                if (candidate.IsSame(last) || accepts?.Invoke(candidate) == false)
                {
                    continue;
                }
                if (path.Contains(candidate))
                {
                    isLoop = true;
                    continue;
                }
                if (!Budget.TakeNamesake() || !last.IsIssuedBy(candidate) || !IsSigned(last, candidate))
                {
                    if (Budget.IsSpent)
                    {
                        Keep(path, trusted, PathEnd.Unfinished, null, ref best);
                        return false;
                    }
                    namesake = Nearer(last, namesake, candidate);
                    continue;
                }
                isExtended = true;
                path.Add(candidate);
                var isAnchored = Extend(path, trusted, untrusted, accepts, ref best);
                path.RemoveAt(path.Count - 1);
                if (isAnchored)
                {
                    return true;
                }
            }
        }
        if (!isExtended)
        {
            Keep(path, trusted, isLoop ? PathEnd.Loop : namesake is null ? PathEnd.IssuerAbsent : PathEnd.IssuerOtherKey, namesake, ref best);
        }
        return false;
    }

    // Of several that have the name, the one whose key is asked for: it says more than an authority's older certificate.
    private static CertificateFacts Nearer(CertificateFacts subject, CertificateFacts? one, CertificateFacts other) =>
        one is null || (!subject.IsIssuedBy(one) && subject.IsIssuedBy(other)) ? other : one;

    private static CertificateFacts? First(List<CertificateFacts> namesakes, CertificateFacts subject) =>
        namesakes.Find(one => !one.IsSame(subject) && subject.IsIssuedBy(one));

    /// <summary>Those of the issuer's name, in OpenSSL's order: the first that is in time, else whoever ends last. Null once the work allowed is done.</summary>
    private List<CertificateFacts>? Namesakes(CertificateFacts subject, IReadOnlyList<CertificateFacts> candidates)
    {
        if (!_byName.TryGetValue(candidates, out var names))
        {
            if (!Budget.TakeCandidates(candidates.Count))
            {
                return null;
            }
            names = candidates.GroupBy(one => one.Subject.Canonical, StringComparer.Ordinal).ToDictionary(
                group => group.Key,
                group => group.OrderByDescending(one => one.IsInTime(_now) ? DateTimeOffset.MaxValue : one.NotAfter).ToList(),
                StringComparer.Ordinal);
            _byName[candidates] = names;
        }
        return names.GetValueOrDefault(subject.Issuer.Canonical) ?? [];
    }

    private static CertificatePath Ended(
        List<CertificateFacts> path, IReadOnlyList<CertificateFacts> trusted, PathEnd end, CertificateFacts? namesake = null) =>
        new([.. path], [.. path.Select(trusted.Contains)], end, namesake);

    private static void Keep(List<CertificateFacts> path, IReadOnlyList<CertificateFacts> trusted, PathEnd end, CertificateFacts? namesake, ref CertificatePath? best)
    {
        if (best is null || (end == PathEnd.Anchor && best.End != PathEnd.Anchor) || (best.End != PathEnd.Anchor && path.Count > best.Certificates.Count))
        {
            best = Ended(path, trusted, end, namesake);
        }
    }
}
