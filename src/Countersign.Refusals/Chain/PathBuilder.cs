namespace Countersign.Refusals;

/// <summary>
/// Builds the path from a leaf to an anchor as X509_verify_cert() does, the bundle before what was sent, but without a limit of depth and without
/// stopping at dates: where it ends is what the operator has to know. What a client sends may be hostile, so its work is counted and ends.
/// </summary>
public sealed class PathBuilder
{
    /// <summary>Signatures checked for one refusal.</summary>
    public const int MaximumSignatures = 48;

    /// <summary>Names compared for one refusal.</summary>
    public const int MaximumComparisons = 200_000;

    /// <summary>Certificates in a path.</summary>
    public const int MaximumLength = 32;

    private readonly Func<CertificateFacts, CertificateFacts, bool> _isSigned;
    private readonly Dictionary<(CertificateFacts, CertificateFacts), bool> _known = [];

    public PathBuilder(Func<CertificateFacts, CertificateFacts, bool> isSigned) => _isSigned = isSigned;

    public int Signatures { get; private set; }

    public int Comparisons { get; private set; }

    private bool IsSpent => Signatures >= MaximumSignatures || Comparisons >= MaximumComparisons;

    /// <param name="trusted">The bundle.</param>
    /// <param name="untrusted">What may lead to it.</param>
    /// <param name="accepts">Whether a certificate may stand in the path; null for every one.</param>
    /// <returns>The first path to an anchor, or else the longest.</returns>
    public CertificatePath Build(
        CertificateFacts leaf,
        IReadOnlyList<CertificateFacts> trusted,
        IReadOnlyList<CertificateFacts> untrusted,
        Func<CertificateFacts, bool>? accepts = null)
    {
        CertificatePath? best = null;
        Extend([leaf], trusted, untrusted, accepts, ref best);
        return best!;
    }

    /// <summary>The same as the case's own answer, and counted; false once the work allowed is done.</summary>
    public bool IsSigned(CertificateFacts subject, CertificateFacts issuer)
    {
        if (_known.TryGetValue((subject, issuer), out var known))
        {
            return known;
        }
        if (IsSpent)
        {
            return false;
        }
        Signatures++;
        return _known[(subject, issuer)] = _isSigned(subject, issuer);
    }

    private bool Extend(
        List<CertificateFacts> path,
        IReadOnlyList<CertificateFacts> trusted,
        IReadOnlyList<CertificateFacts> untrusted,
        Func<CertificateFacts, bool>? accepts,
        ref CertificatePath? best)
    {
        var last = path[^1];
        if (last.IsSelfIssued && IsSigned(last, last))
        {
            var isAnchor = trusted.Contains(last);
            Keep(path, trusted, isAnchor ? PathEnd.Anchor : PathEnd.SelfSigned, null, ref best);
            return isAnchor;
        }
        CertificateFacts? namesake = null;
        var isLoop = false;
        var isExtended = false;
        foreach (var candidates in (ReadOnlySpan<IReadOnlyList<CertificateFacts>>)[trusted, untrusted])
        {
            foreach (var candidate in candidates)
            {
                Comparisons++;
                if (IsSpent || path.Count >= MaximumLength)
                {
                    Keep(path, trusted, PathEnd.Unfinished, null, ref best);
                    return false;
                }
                if (!last.Issuer.IsSame(candidate.Subject) || candidate.IsSame(last) || accepts?.Invoke(candidate) == false)
                {
                    continue;
                }
                if (path.Contains(candidate))
                {
                    isLoop = true;
                    continue;
                }
                if (!last.IsIssuedBy(candidate) || !IsSigned(last, candidate))
                {
                    namesake ??= candidate;
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
            var end = isLoop ? PathEnd.Loop : namesake is null ? PathEnd.IssuerAbsent : PathEnd.IssuerOtherKey;
            Keep(path, trusted, end, namesake, ref best);
        }
        return false;
    }

    private static void Keep(
        List<CertificateFacts> path, IReadOnlyList<CertificateFacts> trusted, PathEnd end, CertificateFacts? namesake, ref CertificatePath? best)
    {
        if (best is null || (end == PathEnd.Anchor && best.End != PathEnd.Anchor) || (best.End != PathEnd.Anchor && path.Count > best.Certificates.Count))
        {
            best = new CertificatePath([.. path], [.. path.Select(trusted.Contains)], end, namesake);
        }
    }
}
