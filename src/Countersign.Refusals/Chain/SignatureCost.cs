namespace Countersign.Refusals;

/// <summary>
/// What it costs libcrypto to check a signature, by the key that made it: 1 is P-256, some 60 us. A client may choose a key that costs a hundred times
/// as much, and with an RSA exponent as long as its modulus a thousand times.
/// </summary>
internal static class SignatureCost
{
    /// <summary>Of the issuer's key out of its certificate: as much as a check of P-256, once for each issuer.</summary>
    public const int OfReading = 1;

    private const int UsualExponent = 17;
    private const int Unknown = 12;

    public static int Of(CertificateFacts issuer) => (issuer.KeyAlgorithm, issuer.Curve) switch
    {
        ("1.2.840.113549.1.1.1" or "1.2.840.113549.1.1.10", _) => OfRsa(issuer.KeyBits, issuer.ExponentBits),
        (_, "1.2.840.10045.3.1.7") => 1,
        ("1.3.101.112", _) => 2,
        ("1.3.101.113", _) => 4,
        (_, "1.3.132.0.35") => 8,
        _ => Unknown,
    };

    private static int OfRsa(long bits, long exponent)
    {
        var work = bits * bits * Math.Max(exponent, UsualExponent) / ((long)2048 * 2048 * UsualExponent * 2);
        return (int)Math.Clamp(work, 1, int.MaxValue);
    }
}
