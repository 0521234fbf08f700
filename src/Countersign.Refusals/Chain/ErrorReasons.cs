namespace Countersign.Refusals;

/// <summary>The reasons that one error of libssl's verification names by itself.</summary>
internal static class ErrorReasons
{
    /// <summary>X509_V_ERR_EE_KEY_TOO_SMALL.</summary>
    public const int WeakKey = 66;

    /// <returns>Null for what is about the path as a whole, and for numbers without a reason of their own.</returns>
    public static Reason? Of(VerifyError error, ChainCase chain, CertificatePath path, PathBuilder builder)
    {
        var depth = error.Depth;
        var certificate = path.At(depth);
        var isTrusted = path.Trusted[Math.Clamp(depth, 0, path.Trusted.Count - 1)];
        var trust = chain.Trust;
        switch (error.Code)
        {
            case 4 or 5:
                return new UnparsableCertificate(certificate.Der.Length);
            case 6:
            case 66 or 67 when certificate.KeyBits == 0 && certificate.Curve.Length == 0 && !ObjectNames.IsKnownKey(certificate.KeyAlgorithm):
                // What libcrypto cannot read has no strength, either.
                return new UnsupportedAlgorithm(certificate, depth, "its key could not be read");
            case 76:
                return new UnsupportedAlgorithm(certificate, depth, "a signature of that kind is not taken");
            case 94:
                return new UnsupportedAlgorithm(certificate, depth, "curves given by their parameters are not taken");
            case 9:
                return new CertificateNotYetValid(certificate, depth, chain.Now);
            case 10 when depth == 0:
                return new CertificateExpired(certificate, chain.Now);
            case 10:
                return Expired(certificate, depth, isTrusted, chain, builder);
            case 13 or 14:
                return new CertificateBadTime(certificate, depth, error.Code == 13);
            case 24 or 79:
                return CannotIssue(certificate, depth);
            case 25:
                return new PathLength(certificate, depth, Below(path, depth));
            case 26 when chain.Errors.Any(other => other.Code is 24 or 27 or 28 or 79 && other.Depth == depth):
                // libssl goes on to say that what is no authority, or not trusted as one, has no authority's purpose.
                return null;
            case 26 when depth == 0:
                return IsClient(certificate) ? new CertificateKeyUsage(certificate) : new CertificatePurpose(certificate, chain.Now);
            case 26:
                return IsClient(certificate) ? CannotIssue(certificate, depth) : new CaPurpose(certificate, depth);
            case 27 or 28:
                return new Distrusted(certificate, depth, trust, error.Code == 28);
            case 31 or 41 or 45 or 46 or >= 80 and <= 93:
                return new InvalidExtension(certificate, depth, Words(error));
            case 32:
                return new CaCannotSign(certificate, depth);
            case 34:
                return new CriticalExtension(certificate, depth);
            case 40:
                return new ProxyCertificate(certificate, depth);
            case 42 or 43:
                return new PolicyProblem(certificate, depth, Words(error));
            case >= 47 and <= 53:
                return Constrained(error, certificate, path, builder.Budget);
            case 62 or 63 or 64:
                return new NameMismatch(certificate, error.Code switch { 62 => "host name", 63 => "mailbox", _ => "address" });
            case WeakKey:
                return depth == 0 ? new KeyTooWeak(certificate) : null;
            case 67:
                return new CaKeyTooWeak(certificate, depth);
            case 68:
                return new DigestTooWeak(certificate, depth);
            default:
                return RevocationReasons.Of(error, chain, path);
        }
    }

    /// <summary>The name of an error as words: <c>NO_EXPLICIT_POLICY</c> is "no explicit policy".</summary>
    private static string Words(VerifyError error) => error.Name.Replace('_', ' ').ToLowerInvariant();

    private static bool IsClient(CertificateFacts certificate) => certificate.ExtendedKeyUsage?.Contains("1.3.6.1.5.5.7.3.2") ?? true;

    private static Reason CannotIssue(CertificateFacts certificate, int depth) =>
        certificate.IsAuthority && certificate.KeyUsage?.Contains("keyCertSign") == false ? new CaCannotSign(certificate, depth) : new IssuerNotACa(certificate, depth);

    private static Reason Expired(CertificateFacts certificate, int depth, bool isTrusted, ChainCase chain, PathBuilder builder)
    {
        var other = builder.Build(
            chain.Leaf,
            [.. chain.Trust.Certificates.Select(trusted => trusted.Certificate)],
            chain.Presented,
            candidate => candidate.IsInTime(chain.Now));
        return other.End == PathEnd.Anchor
            ? new ExpiredCrossPath(certificate, depth, isTrusted, other, chain.Trust, chain.Now)
            : new CaExpired(certificate, depth, isTrusted, chain.Now, chain.Trust);
    }

    // Self-issued ones do not count (RFC 5280, 6.1.4).
    private static int Below(CertificatePath path, int depth)
    {
        var count = 0;
        for (var i = 1; i < depth && i < path.Certificates.Count; i++)
        {
            count += path.Certificates[i].IsSelfIssued ? 0 : 1;
        }
        return count;
    }

    private static NameConstraint Constrained(VerifyError error, CertificateFacts certificate, CertificatePath path, AnalysisBudget budget)
    {
        const int NotPermitted = 47;
        const int Excluded = 48;
        var above = path.Certificates.Skip(error.Depth + 1).Where(one => one.NameConstraints is not null).ToList();
        if (error.Code is NotPermitted or Excluded)
        {
            // libssl begins at the root.
            foreach (var authority in above.AsEnumerable().Reverse())
            {
                if (NameConstraintMatch.Offender(certificate, error.Depth, authority.NameConstraints!, error.Code == Excluded, budget) is { } offender)
                {
                    return new NameConstraint(certificate, error.Depth, authority, error.Code == Excluded, Words(error), offender);
                }
            }
        }
        return new NameConstraint(certificate, error.Depth, above.FirstOrDefault(), error.Code == Excluded, Words(error), null);
    }
}
