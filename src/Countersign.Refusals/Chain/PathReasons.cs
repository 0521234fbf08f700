namespace Countersign.Refusals;

/// <summary>Why no path leads from the client's certificate to a root of the bundle.</summary>
internal static class PathReasons
{
    /// <summary>
    /// X509_V_ERR_* that say that a path could not be built, or that a signature in it is none, and that refuse the client by themselves:
    /// optional_no_ca lets some of them pass. After a path that is too long (22) another one always follows.
    /// </summary>
    public static bool Refuses(int code, TrustFacts trust) => trust.Mode == "optional_no_ca"
        ? code is 2 or 7 or 30 or 55
        : code is 2 or 7 or 18 or 19 or 20 or 21 or 22 or 30 or 55;

    /// <param name="taken">By libssl.</param>
    /// <param name="whole">The best there is.</param>
    /// <returns>Null when neither has anything wrong.</returns>
    public static Reason? Of(ChainCase chain, CertificatePath taken, CertificatePath whole, PathBuilder builder) =>
        whole.End != PathEnd.Anchor || whole.Intermediates > chain.Trust.Depth ? Of(chain, whole, builder)
        : taken.End == PathEnd.Anchor && taken.Intermediates <= chain.Trust.Depth ? Mistaken(chain, taken)
        : Of(chain, taken, builder);

    private static Reason? Of(ChainCase chain, CertificatePath path, PathBuilder builder)
    {
        var depth = path.Certificates.Count - 1;
        var last = path.Last;
        switch (path.End)
        {
            case PathEnd.Anchor:
                return new TooDeep(path, chain.Trust);
            case PathEnd.Loop:
            case PathEnd.Unfinished:
                return new Loop(path, chain.Presented.Count, path.End == PathEnd.Unfinished);
            case PathEnd.IssuerOtherKey when path.Namesake is { } namesake && !chain.IsKeyReadable(namesake):
                return new UnsupportedAlgorithm(namesake, depth + 1, "OpenSSL here does not know keys of that kind");
            case PathEnd.IssuerOtherKey when path.Namesake is { } namesake:
                return OtherKey(chain, last, depth, namesake, builder);
            case PathEnd.SelfSigned when depth == 0:
                return new SelfSigned(last, chain.Trust);
            case PathEnd.SelfSigned:
                foreach (var trusted in chain.Trust.Certificates)
                {
                    if (trusted.Certificate.Subject.IsSame(last.Subject))
                    {
                        return new SameNameOtherKey(path.Certificates[depth - 1], depth - 1, trusted.Certificate, true, last, OwnerOf(chain, builder), chain.Trust);
                    }
                }
                return new UntrustedRootSent(chain.Leaf, last, depth, chain.Trust, OwnerOf(chain, builder));
            case PathEnd.IssuerAbsent when last.IsSelfIssued && builder.IsSigned(last, last):
                return new InvalidExtension(last, depth, $"it is signed by its own key, but names the key id {last.AuthorityKeyId} as its issuer's and {last.SubjectKeyId} as its own");
            case PathEnd.IssuerAbsent:
            default:
                return path.Trusted[depth] ? new RootAbsent(last, depth, chain.Trust) : IssuerAbsent(chain, path, builder);
        }
    }

    // Where a certificate names no key, OpenSSL takes the first issuer of the name and does not go back when its key does not fit.
    private static SameNameOtherKey? Mistaken(ChainCase chain, CertificatePath taken)
    {
        var depth = chain.Errors.FirstOrDefault(error => error.Code == 7)?.Depth ?? -1;
        if (depth < 0 || depth + 1 >= taken.Certificates.Count)
        {
            return null;
        }
        var (certificate, namesake) = (taken.Certificates[depth], taken.Certificates[depth + 1]);
        return new SameNameOtherKey(certificate, depth, namesake, taken.Trusted[depth + 1], null, null, chain.Trust) { IsRightOneThere = true };
    }

    private static Reason OtherKey(ChainCase chain, CertificateFacts certificate, int depth, CertificateFacts namesake, PathBuilder builder)
    {
        if (namesake.InheritsParameters)
        {
            return new UnsupportedAlgorithm(namesake, depth + 1, "the parameters of its key are another authority's, and OpenSSL does not look for them there");
        }
        var isTrusted = Trusted(chain.Trust).Contains(namesake);
        return certificate.AuthorityKeyId.Length > 0 && certificate.AuthorityKeyId == namesake.SubjectKeyId
            ? new AlteredCertificate(certificate, depth, namesake, isTrusted, chain.Trust)
            : new SameNameOtherKey(certificate, depth, namesake, isTrusted, null, OwnerOf(chain, builder), chain.Trust);
    }

    /// <summary>Whoever has the key that signed, under another name than the one asked for.</summary>
    private static CertificateFacts? SignerOf(CertificateFacts certificate, IEnumerable<CertificateFacts> candidates, PathBuilder builder) =>
        certificate.AuthorityKeyId.Length == 0 ? null : candidates.FirstOrDefault(candidate =>
            candidate.SubjectKeyId == certificate.AuthorityKeyId && !candidate.IsSame(certificate) && builder.IsSigned(certificate, candidate));

    private static Reason IssuerAbsent(ChainCase chain, CertificatePath path, PathBuilder builder)
    {
        var depth = path.Certificates.Count - 1;
        var trusted = Trusted(chain.Trust);
        if (SignerOf(path.Last, trusted.Concat(chain.Presented), builder) is { } signer)
        {
            return new SameKeyOtherName(path.Last, depth, signer, trusted.Contains(signer), chain.Trust);
        }
        var known = chain.Seen.Concat(chain.OtherServers.SelectMany(Trusted)).Where(certificate => certificate.IsAuthority).ToList();
        var whole = builder.Build(chain.Leaf, trusted, [.. chain.Presented, .. known]);
        if (whole.End == PathEnd.Anchor && whole.At(depth).IsSame(path.Last)
            && whole.Certificates.Skip(depth + 1).Where(one => !trusted.Contains(one) && !chain.Presented.Contains(one)).ToList() is [var first, ..] found)
        {
            // Also where a client sent it: a file is what the operator can look at.
            var holder = chain.OtherServers.FirstOrDefault(other => Trusted(other).Contains(first));
            return new MissingIntermediate(path.Last, depth, chain.Trust, found, holder, whole.Last, chain.Presented.Count) { DepthNeeded = whole.Intermediates };
        }
        if (OwnerOf(chain, builder) is { } owner)
        {
            return new UnknownIssuer(path.Last, depth, chain.Trust, owner);
        }
        return trusted.FirstOrDefault(root => IsSameOrganisation(root, path.Last)) is { } relative
            ? new MissingIntermediate(path.Last, depth, chain.Trust, [], null, relative, chain.Presented.Count)
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

    private static string Organisation(DistinguishedName name) =>
        name.Attributes.FirstOrDefault(attribute => attribute.Type == AttributeNames.Organization).Value ?? "";

    private static List<CertificateFacts> Trusted(TrustFacts trust) => [.. trust.Certificates.Select(trusted => trusted.Certificate)];
}
