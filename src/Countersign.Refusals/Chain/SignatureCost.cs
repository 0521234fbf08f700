namespace Countersign.Refusals;

/// <summary>
/// What it costs libcrypto to check a signature, by the key that made it, in steps of <see cref="AnalysisBudget"/>. A client may choose a key that costs
/// a hundred times as much as P-256, and with an RSA exponent as long as its modulus a thousand times.
/// </summary>
internal static class SignatureCost
{
    /// <summary>Of the issuer's key out of its certificate, once for each issuer that the client did not send: libssl has read the others.</summary>
    public const int OfReading = P256;

    private const int P256 = 700;
    private const int UsualExponent = 17;
    private const int Unknown = 12 * P256;

    public static int Of(CertificateFacts issuer) => (issuer.KeyAlgorithm, issuer.Curve) switch
    {
        ("1.2.840.113549.1.1.1" or "1.2.840.113549.1.1.10", _) => OfRsa(issuer.KeyBits, issuer.ExponentBits),
        (_, "1.2.840.10045.3.1.7") => P256,
        ("1.3.101.112", _) => 2 * P256,
        ("1.3.101.113", _) => 4 * P256,
        (_, "1.3.132.0.35") => 8 * P256,
        _ => Unknown,
    };

    private static int OfRsa(long bits, long exponent)
    {
        var work = P256 * bits * bits / ((long)2048 * 2048 * 2) * Math.Max(exponent, UsualExponent) / UsualExponent;
        return (int)Math.Clamp(work, P256, int.MaxValue);
    }
}
