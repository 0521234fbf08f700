namespace Countersign.Refusals;

/// <summary>The certificates issue each other, or are too many to follow.</summary>
/// <param name="IsCut">The work allowed for one refusal ended before the path did.</param>
public sealed record Loop(CertificatePath Path, int Sent, bool IsCut) : Reason
{
    public const string Name = "chain/loop";

    public override string Id => Name;

    public override Blame Blame => Blame.Client;

    public override Confidence Confidence => IsCut ? Confidence.Likely : Confidence.Proved;

    public override string Message => IsCut
        ? $"the client sent {ChainText.Count(Sent, "certificate")} that could not be followed to an end; the first {Path.Certificates.Count} lead to \"{Path.Last.Subject}\""
        : $"the client's certificates lead in a circle: \"{Path.Last.Subject}\" was issued by \"{Path.Last.Issuer}\", which comes before it in the same path";

    public override IReadOnlyList<Advice> Advice =>
    [
        new(Blame.Client, "Send the certificate and the intermediates of one path only, each followed by its issuer; see what is in the file with", "openssl crl2pkcs7 -nocrl -certfile client-chain.pem | openssl pkcs7 -print_certs -noout"),
    ];

    public override void Describe(Evidence evidence) => evidence
        .Add("sent", Sent)
        .Add("is_cut", IsCut)
        .Add("path", Path.Certificates.Select(certificate => certificate.Subject.ToString()));
}
