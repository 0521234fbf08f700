using Countersign.Native;

namespace Countersign.Refusals.Tests.Chain;

/// <summary>Cases from identities, with libcrypto's own answers about signatures.</summary>
internal static class Chains
{
    public static CertificateFacts Facts(this Identity identity) => CertificateReader.Read(identity.Certificate.RawData)!;

    public static List<CertificateFacts> Facts(this IEnumerable<Identity> identities) => [.. identities.Select(identity => identity.Facts())];

    public static bool IsSigned(CertificateFacts subject, CertificateFacts issuer)
    {
        using var one = Certificate.FromDer(subject.Der.Span);
        using var other = Certificate.FromDer(issuer.Der.Span);
        return one!.IsSignedBy(other!);
    }

    public static TrustFacts Trusting(params IEnumerable<Identity> bundle) => new()
    {
        Server = "gate",
        Bundle = "bundle.pem",
        Depth = 9,
        Certificates = [.. bundle.Select(identity => new TrustedCertificate(identity.Facts(), "bundle.pem", true))],
    };

    public static ChainCase Case(IEnumerable<Identity> presented, TrustFacts trust, params (int Code, int Depth)[] errors) =>
        Case(presented.Facts(), trust, IsSigned, errors);

    public static ChainCase Case(
        IReadOnlyList<CertificateFacts> presented, TrustFacts trust, Func<CertificateFacts, CertificateFacts, bool> isSigned, params (int Code, int Depth)[] errors) => new()
    {
        Presented = presented,
        Trust = trust,
        Errors = [.. errors.Select(error => new VerifyError(error.Code, error.Depth, ""))],
        Now = DateTimeOffset.UtcNow,
        IsSigned = isSigned,
    };
}
