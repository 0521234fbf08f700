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
    public static ChainFinding Run(
        TrustBook book,
        ServerPlan server,
        IReadOnlyList<Certificate> presented,
        IReadOnlyList<TlsVerification> errors,
        DateTimeOffset now,
        IReadOnlyList<CertificateFacts> seen,
        Action<CertificatePath>? learn = null)
    {
        using var signatures = new CertificateSignatures();
        var budget = new AnalysisBudget();
        var facts = new List<CertificateFacts>();
        foreach (var certificate in presented.TakeWhile(certificate => budget.TakeCertificate(certificate.Der.Length)))
        {
            if (CertificateReader.Read(certificate.Der) is { } read)
            {
                facts.Add(read);
                signatures.Know(read, certificate);
            }
            else if (facts.Count == 0)
            {
                break;
            }
        }
        if (facts.Count == 0)
        {
            var named = errors.Select(error => new VerifyError(error.Error, error.Depth, "")).ToList();
            return new ChainFinding(new UnparsableCertificate(presented.Count == 0 ? 0 : presented[0].Der.Length), [], named, null);
        }
        var chain = new ChainCase
        {
            Presented = facts,
            Trust = book.Of(server),
            Errors = [.. errors.Select(error => new VerifyError(error.Error, error.Depth, ""))],
            Now = now,
            IsSigned = signatures.IsSigned,
            IsKeyReadable = signatures.IsKeyReadable,
            OtherServers = book.OthersThan(server),
            Seen = seen,
            Budget = budget,
        };
        var (reason, others, path) = ChainReasons.Of(chain);
        learn?.Invoke(path);
        return new ChainFinding(reason, others, [.. chain.Errors.Select(error => error with { Subject = path.Subject(error.Depth) })], chain.Leaf) { IsCut = budget.IsSpent };
    }
}

/// <param name="Reason">The root cause.</param>
/// <param name="Others">What else would still refuse the client once it is mended.</param>
/// <param name="Errors">libssl's, with the subjects they are about.</param>
/// <param name="Leaf">Null when it could not be read.</param>
public sealed record ChainFinding(Reason Reason, IReadOnlyList<Reason> Others, IReadOnlyList<VerifyError> Errors, CertificateFacts? Leaf)
{
    /// <summary>Not everything could be looked at.</summary>
    public bool IsCut { get; init; }

    /// <summary>What is found goes into what is known otherwise.</summary>
    public Refusal Complete(Refusal refusal) => refusal with { Others = Others, Errors = Errors, IsCut = IsCut };
}
