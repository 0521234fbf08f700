namespace Countersign.Refusals;

/// <summary>Why no path leads from the client's certificate to a root of the bundle.</summary>
internal static class PathReasons
{
    private const int TooLong = 22;

    /// <summary>X509_V_ERR_* that say that a path could not be built, or that a signature in it is none.</summary>
    public static bool IsAboutPaths(int code) => code is 2 or 7 or 18 or 19 or 20 or 21 or TooLong or 30 or 55;

    /// <returns>Null when the path that we find has nothing wrong.</returns>
    public static Reason? Of(ChainCase chain, CertificatePath path, PathBuilder builder)
    {
        var depth = path.Certificates.Count - 1;
        var last = path.Last;
        switch (path.End)
        {
            case PathEnd.Anchor:
                return path.Intermediates > chain.Trust.Depth ? new TooDeep(path, chain.Trust) : null;
            case PathEnd.Loop:
            case PathEnd.Unfinished:
                return new Loop(path, chain.Presented.Count, path.End == PathEnd.Unfinished);
            case PathEnd.IssuerOtherKey when path.Namesake is { } namesake:
                var isTrusted = Trusted(chain.Trust).Contains(namesake);
                return new SameNameOtherKey(last, depth, namesake, isTrusted, null, chain.Trust);
            case PathEnd.SelfSigned when depth == 0:
                return new SelfSigned(last, chain.Trust);
            case PathEnd.SelfSigned:
                foreach (var trusted in chain.Trust.Certificates)
                {
                    if (trusted.Certificate.Subject.IsSame(last.Subject))
                    {
                        return new SameNameOtherKey(path.Certificates[depth - 1], depth - 1, trusted.Certificate, true, last, chain.Trust);
                    }
                }
                return new UntrustedRootSent(chain.Leaf, last, depth, chain.Trust, OwnerOf(chain, builder));
            case PathEnd.IssuerAbsent:
            default:
                return path.Trusted[depth] ? new RootAbsent(last, depth, chain.Trust) : IssuerAbsent(chain, path, builder);
        }
    }

    private static Reason IssuerAbsent(ChainCase chain, CertificatePath path, PathBuilder builder)
    {
        var depth = path.Certificates.Count - 1;
        var trusted = Trusted(chain.Trust);
        var known = chain.Seen.Concat(chain.OtherServers.SelectMany(Trusted)).Where(certificate => certificate.IsAuthority).ToList();
        var whole = builder.Build(chain.Leaf, trusted, [.. chain.Presented, .. known]);
        if (whole.End == PathEnd.Anchor)
        {
            return new MissingIntermediate(path.Last, depth, chain.Trust, whole.At(depth + 1), whole.Last, chain.Presented.Count);
        }
        if (OwnerOf(chain, builder) is { } owner)
        {
            return new UnknownIssuer(path.Last, depth, chain.Trust, owner);
        }
        return trusted.FirstOrDefault(root => IsSameOrganisation(root, path.Last)) is { } relative
            ? new MissingIntermediate(path.Last, depth, chain.Trust, null, relative, chain.Presented.Count)
            : new UnknownIssuer(path.Last, depth, chain.Trust, null);
    }

    /// <summary>The other server that would let the client in, as far as its bundle is concerned.</summary>
    private static TrustFacts? OwnerOf(ChainCase chain, PathBuilder builder)
    {
        foreach (var other in chain.OtherServers)
        {
            var trusted = Trusted(other);
            if (trusted.Count > 0 && builder.Build(chain.Leaf, trusted, chain.Presented).End == PathEnd.Anchor)
            {
                return other;
            }
        }
        return null;
    }

    // The issuer's organisation is that of a root we have: the one between them is what misses, more often than not.
    private static bool IsSameOrganisation(CertificateFacts root, CertificateFacts subject)
    {
        var organisation = Organisation(subject.Issuer);
        return organisation.Length > 0 && organisation == Organisation(root.Subject);
    }

    private static string Organisation(DistinguishedName name)
    {
        var start = name.Text.StartsWith("O=", StringComparison.Ordinal) ? 2 : name.Text.IndexOf(",O=", StringComparison.Ordinal) + 3;
        if (start < 2 || (start == 2 && !name.Text.StartsWith("O=", StringComparison.Ordinal)))
        {
            return "";
        }
        var end = name.Text.IndexOf(',', start);
        return end < 0 ? name.Text[start..] : name.Text[start..end];
    }

    private static List<CertificateFacts> Trusted(TrustFacts trust) => [.. trust.Certificates.Select(trusted => trusted.Certificate)];
}
