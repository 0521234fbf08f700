using Countersign.Refusals;

namespace Countersign.Commands.Probe;

/// <summary>What an alert may mean once this client's Certificate was out.</summary>
/// <param name="Fits">Reasons that it is used for; a finding among them is the likely one.</param>
/// <param name="Id">The reason when no finding fits.</param>
/// <param name="Why">The same in a sentence.</param>
internal sealed record AlertMeaning(IReadOnlyList<string> Fits, string Id, Confidence Confidence, string Why)
{
    public const string NotAllowed = "authorization/not-allowed";

    private static readonly string[] OfContent =
        [CertificatePurpose.Name, CertificateKeyUsage.Name, CriticalExtension.Name, KeyTooWeak.Name, DigestTooWeak.Name];

    private static readonly string[] OfTime = [CertificateExpired.Name, CertificateNotYetValid.Name, CaExpired.Name];

    private static readonly string[] OfChain = [MissingIntermediate.Name, UnknownIssuer.Name, SelfSigned.Name, SameNameOtherKey.Name];

    /// <summary>Anything that a server can have against a certificate.</summary>
    public static IReadOnlyList<string> Any { get; } = [.. OfTime, .. OfContent, .. OfChain];

    // RFC 8446 section 6.2; which of OpenSSL's errors become which alert: ssl_x509err2alert().
    public static AlertMeaning Of(int alert) => alert switch
    {
        42 => new(Any, "", Confidence.Possible, "the server says no more than that the certificate is bad (Go says so of most faults)"),
        43 => new(OfContent, CertificatePurpose.Name, Confidence.Possible, "the certificate is not of a kind that the server takes: as a rule its purpose (extendedKeyUsage)"),
        44 => new([Revoked.Name], Revoked.Name, Confidence.Likely, "the server's revocation list, or its OCSP responder, has the certificate or an authority above it"),
        45 => new(OfTime, CaExpired.Name, Confidence.Possible,
            "the certificate itself is still valid by this clock: an authority above it or the server's revocation list has expired, or the server's clock is wrong"),
        46 => new(Any, "", Confidence.Possible, "the server says no more than that it does not accept the certificate"),
        48 => new([.. OfChain, CaExpired.Name], UnknownIssuer.Name, Confidence.Likely, "the server finds no path from the certificate to an authority that it trusts"),
        49 => new([], NotAllowed, Confidence.Likely, "the server knows the certificate, and does not let its holder in"),
        51 => new([SameNameOtherKey.Name], BadSignature.Name, Confidence.Likely, "a signature does not verify: the handshake's, or an authority's under the certificate"),
        _ => new(Any, "", Confidence.Possible, $"the server ended the handshake with {AlertName.Of(alert)} after it had the certificate"),
    };
}
