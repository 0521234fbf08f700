namespace Countersign.Refusals;

/// <summary>The reasons that an error about revocation lists names.</summary>
internal static class RevocationReasons
{
    public static Reason? Of(VerifyError error, ChainCase chain, CertificatePath path)
    {
        var depth = error.Depth;
        var certificate = path.At(depth);
        var trust = chain.Trust;
        var authority = AuthorityOf(certificate, path);
        var crl = ListOf(error.Code, chain, certificate, authority);
        var entry = crl?.Find(certificate.Serial);
        return error.Code switch
        {
            3 => Missing(certificate, depth, crl, authority, chain, path),
            8 => new CrlSignature(certificate, depth, crl, authority, trust),
            11 => new CrlNotYetValid(certificate, depth, crl, trust, chain.Now),
            12 => new CrlExpired(certificate, depth, crl, entry, Coverage(chain, path), trust, chain.Now),
            15 or 16 => new CrlUnreadable(certificate, depth, crl, trust, error.Code == 15),
            23 when depth == 0 => new Revoked(certificate, crl, entry),
            23 => new CaRevoked(certificate, depth, crl, entry),
            33 => new CrlIssuerUnknown(certificate, depth, crl, trust),
            35 => new CaCannotSignCrls(certificate, depth, authority, trust),
            36 => new CrlScope(certificate, depth, crl, trust, $"it has a critical extension that OpenSSL does not know{Unknown(crl)}"),
            44 when authority is not null && OfOtherKey(chain, certificate, authority) is { } whole => new CrlSignature(certificate, depth, whole, authority, trust),
            44 => new CrlScope(certificate, depth, crl, trust, "it is for other certificates or other reasons"),
            54 => new CrlPath(certificate, depth, trust),
            _ => null,
        };
    }

    // libssl says that there is no list, too, where it does not look at one: of another key, of changes only, of others' certificates, of some reasons;
    // and where its path ends at this certificate, so that nobody is there to check a list with.
    private static Reason Missing(
        CertificateFacts certificate, int depth, CrlFacts? crl, CertificateFacts? authority, ChainCase chain, CertificatePath path) => crl switch
    {
        null => new CrlMissing(certificate, depth, Coverage(chain, path), chain.Trust),
        _ when authority is not null && !crl.Covers(authority) => new CrlSignature(certificate, depth, crl, authority, chain.Trust),
        { IsDelta: true } => new CrlScope(certificate, depth, crl, chain.Trust, "it is a delta, with changes to another list only, and OpenSSL leaves it out"),
        { Scope: var scope } when scope.Contains("indirectCRL") || scope.Contains("onlySomeReasons") =>
            new CrlScope(certificate, depth, crl, chain.Trust, "OpenSSL leaves out lists of that kind"),
        _ => new CrlIssuerUnknown(certificate, depth, crl, chain.Trust),
    };

    private static string Unknown(CrlFacts? crl) => crl is not null && UnknownOf(crl) is [_, ..] unknown ? $", {ObjectNames.Of(unknown)}" : "";

    private static List<string> UnknownOf(CrlFacts crl) => [.. crl.Critical.Where(type => type is not ("2.5.29.28" or "2.5.29.27" or "2.5.29.35"))];

    // The list that the error is about. Else libssl prefers one in time to a lapsed one, and the key's own to a namesake's.
    private static CrlFacts? ListOf(int code, ChainCase chain, CertificateFacts certificate, CertificateFacts? authority) => chain.Trust.Crls
        .Where(crl => crl.Issuer.IsSame(certificate.Issuer))
        .OrderBy(crl => crl.IsDelta)
        .ThenByDescending(crl => code switch
        {
            11 => crl.ThisUpdate > chain.Now,
            12 => crl.IsLapsed(chain.Now),
            23 => crl.Find(certificate.Serial) is not null,
            36 => UnknownOf(crl).Count > 0,
            44 => !crl.IsWhole,
            _ => false,
        })
        .ThenBy(crl => authority is not null && !crl.Covers(authority))
        .ThenBy(crl => crl.IsLapsed(chain.Now))
        .ThenByDescending(crl => crl.ThisUpdate)
        .FirstOrDefault();

    /// <summary>The complete list of an authority that has two keys, signed with the other one: beside it, the one of this key speaks for a part only.</summary>
    private static CrlFacts? OfOtherKey(ChainCase chain, CertificateFacts certificate, CertificateFacts authority) =>
        chain.Trust.Crls.FirstOrDefault(crl => crl.Issuer.IsSame(certificate.Issuer) && crl.IsWhole && !crl.Covers(authority));

    private static List<CrlCoverage> Coverage(ChainCase chain, CertificatePath path) =>
    [
        .. path.Certificates.DistinctBy(certificate => certificate.Issuer.Canonical).Select(certificate =>
        {
            var authority = AuthorityOf(certificate, path);
            var crl = ListOf(0, chain, certificate, authority);
            return new CrlCoverage(certificate.Issuer.ToString(), crl is not null, RevocationText.State(crl, authority, chain.Now));
        }),
    ];

    private static CertificateFacts? AuthorityOf(CertificateFacts certificate, CertificatePath path)
    {
        var above = path.Certificates.SkipWhile(one => !one.IsSame(certificate)).Skip(1).FirstOrDefault();
        return above ?? (certificate.IsSelfIssued ? certificate : null);
    }
}
