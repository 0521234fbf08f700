using Countersign.Refusals;

namespace Countersign.Commands.Explain;

/// <summary>The path that libssl found, and how long it holds.</summary>
internal sealed record VerifiedPath(IReadOnlyList<PathStep> Steps, DateTimeOffset Now)
{
    private static readonly TimeSpan Notice = TimeSpan.FromDays(30);

    /// <summary>Everything that ends it, the first first.</summary>
    public IReadOnlyList<Ending> Endings =>
    [
        .. Steps.Select(step => new Ending(step.Certificate.NotAfter, step.Depth == 0
                ? $"the client's certificate \"{step.Certificate.Subject}\"" : $"\"{step.Certificate.Subject}\" at depth {step.Depth} ({step.Source})"))
            .Concat(Steps.Where(step => step.List?.NextUpdate is not null).DistinctBy(step => step.List).Select(step =>
                new Ending(step.List!.NextUpdate!.Value, $"the list of \"{step.List.Issuer}\" in {step.List.File}")))
            .OrderBy(ending => ending.Moment),
    ];

    /// <summary>From then on the client is refused.</summary>
    public Ending Horizon => Endings[0];

    public IReadOnlyList<Ending> Soon => [.. Endings.Where(ending => ending.Moment - Now <= Notice)];

    /// <param name="path">DER, leaf first.</param>
    /// <param name="withLists">Revocation lists were asked for.</param>
    public static VerifiedPath Of(IReadOnlyList<byte[]> path, PresentedChain presented, TrustFacts trust, bool withLists, DateTimeOffset now)
    {
        var certificates = path.Select(der => CertificateReader.Read(der)).OfType<CertificateFacts>().ToList();
        var places = Places(trust);
        return new VerifiedPath(
            [
                .. certificates.Select((certificate, depth) => new PathStep(
                    depth,
                    certificate,
                    SourceOf(certificate, presented, trust, places),
                    presented.PlaceOf(certificate) is not null,
                    withLists ? ListOf(certificates[Math.Min(depth + 1, certificates.Count - 1)], trust, now) : null)),
            ],
            now);
    }

    private static string SourceOf(CertificateFacts certificate, PresentedChain presented, TrustFacts trust, Dictionary<CertificateFacts, string> places) =>
        places.GetValueOrDefault(certificate)
        ?? trust.Certificates.FirstOrDefault(trusted => trusted.Certificate.IsSame(certificate))?.File
        ?? presented.PlaceOf(certificate)
        ?? "";

    // Of several lists libssl takes the best one: in force, and the latest.
    private static CrlFacts? ListOf(CertificateFacts issuer, TrustFacts trust, DateTimeOffset now) =>
        trust.Crls.Where(crl => crl.Covers(issuer)).OrderBy(crl => crl.IsLapsed(now)).ThenByDescending(crl => crl.ThisUpdate).FirstOrDefault();

    // libssl has read the files a moment ago; only they know which certificate is which of theirs.
    private static Dictionary<CertificateFacts, string> Places(TrustFacts trust)
    {
        var places = new Dictionary<CertificateFacts, string>();
        foreach (var file in trust.Certificates.Select(trusted => trusted.File).Distinct().Where(File.Exists))
        {
            foreach (var item in InputFile.Read(file, "countersign explain").Certificates)
            {
                if (item.Certificate is { } certificate)
                {
                    places.TryAdd(certificate, $"{file}:{item.Number}");
                }
            }
        }
        return places;
    }
}

/// <param name="Source">The file it was found in, and which of it.</param>
/// <param name="IsSent">The client sends it.</param>
/// <param name="List">Its issuer's; null where none was asked for.</param>
internal sealed record PathStep(int Depth, CertificateFacts Certificate, string Source, bool IsSent, CrlFacts? List);

/// <param name="What">What ends then.</param>
internal sealed record Ending(DateTimeOffset Moment, string What);
