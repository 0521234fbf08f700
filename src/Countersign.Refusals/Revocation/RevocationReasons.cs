namespace Countersign.Refusals;

/// <summary>The reasons that an error about revocation lists names.</summary>
internal static class RevocationReasons
{
    public static Reason? Of(VerifyError error, ChainCase chain, CertificatePath path)
    {
        var depth = error.Depth;
        var certificate = path.At(depth);
        var trust = chain.Trust;
        var authority = depth + 1 < path.Certificates.Count ? path.Certificates[depth + 1] : certificate.IsSelfIssued ? certificate : null;
        var crl = ListOf(chain, certificate, authority);
        var entry = crl?.Find(certificate.Serial);
        return error.Code switch
        {
            3 => new CrlMissing(certificate, depth, Coverage(chain, path), trust),
            8 => new CrlSignature(certificate, depth, crl, authority, trust),
            11 => new CrlNotYetValid(certificate, depth, crl, trust, chain.Now),
            12 => new CrlExpired(certificate, depth, crl, entry, trust, chain.Now),
            15 or 16 => new CrlUnreadable(certificate, depth, trust, error.Code == 15),
            23 when depth == 0 => new Revoked(certificate, crl, entry),
            23 => new CaRevoked(certificate, depth, crl, entry),
            33 => new CrlIssuerUnknown(certificate, depth, crl, trust),
            35 => new CaCannotSignCrls(certificate, depth, authority, trust),
            36 => new CrlScope(certificate, depth, crl, trust, "it has a critical extension that OpenSSL does not know"),
            44 => new CrlScope(certificate, depth, crl, trust, "it is for other certificates or other reasons"),
            54 => new CrlPath(certificate, depth, trust),
            _ => null,
        };
    }

    // libssl prefers a list in time to a lapsed one, and the key's own to a namesake's.
    private static CrlFacts? ListOf(ChainCase chain, CertificateFacts certificate, CertificateFacts? authority) => chain.Trust.Crls
        .Where(crl => crl.Issuer.IsSame(certificate.Issuer))
        .OrderBy(crl => crl.IsLapsed(chain.Now))
        .ThenBy(crl => authority is not null && !crl.Covers(authority))
        .ThenByDescending(crl => crl.ThisUpdate)
        .FirstOrDefault();

    private static List<CrlCoverage> Coverage(ChainCase chain, CertificatePath path) =>
    [
        .. path.Certificates.Select(certificate => certificate.Issuer).DistinctBy(name => name.Canonical)
            .Select(name => new CrlCoverage(name.ToString(), chain.Trust.Crls.Any(crl => crl.Issuer.IsSame(name)))),
    ];
}
