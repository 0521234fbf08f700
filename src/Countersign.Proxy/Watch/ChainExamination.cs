using Countersign.Configuration;
using Countersign.Native;
using Countersign.Refusals;

namespace Countersign.Proxy.Watch;

/// <summary>From a chain and libssl's errors about it to the reason; for a client that was refused, and offline for one that would be.</summary>
public static class ChainExamination
{
    /// <param name="presented">Leaf first.</param>
    /// <param name="errors">Of libssl's verification, in its order.</param>
    /// <param name="seen">Intermediates that other clients sent.</param>
    /// <param name="learn">Hears of the path that libssl took.</param>
    public static (Reason Reason, IReadOnlyList<Reason> Others, IReadOnlyList<VerifyError> Errors) Run(
        TrustBook book,
        ServerPlan server,
        IReadOnlyList<Certificate> presented,
        IReadOnlyList<TlsVerification> errors,
        DateTimeOffset now,
        IReadOnlyList<CertificateFacts> seen,
        Action<CertificatePath>? learn = null)
    {
        using var signatures = new CertificateSignatures();
        var facts = presented.Select(certificate => CertificateReader.Read(certificate.Der)).ToList();
        if (facts is [] or [null, ..])
        {
            var named = errors.Select(error => new VerifyError(error.Error, error.Depth, "")).ToList();
            return (new UnparsableCertificate(presented.Count == 0 ? 0 : presented[0].Der.Length), [], named);
        }
        var chain = new ChainCase
        {
            Presented = [.. facts.OfType<CertificateFacts>()],
            Trust = book.Of(server),
            Errors = [.. errors.Select(error => new VerifyError(error.Error, error.Depth, ""))],
            Now = now,
            IsSigned = signatures.IsSigned,
            IsKeyReadable = signatures.IsKeyReadable,
            OtherServers = book.OthersThan(server),
            Seen = seen,
        };
        var (reason, others, path) = ChainReasons.Of(chain);
        learn?.Invoke(path);
        return (reason, others, [.. chain.Errors.Select(error => error with { Subject = path.Subject(error.Depth) })]);
    }
}
