namespace Countersign.Refusals;

/// <summary>A key or signature of the chain is of a kind that OpenSSL does not take.</summary>
public sealed record UnsupportedAlgorithm(CertificateFacts Certificate, int Depth, string Problem) : Reason
{
    public const string Name = "certificate/unsupported-algorithm";

    public override string Id => Name;

    public override Blame Blame => Blame.Client;

    public override string Message =>
        $"{ChainText.Of(Certificate, Depth)} has {ObjectNames.Key(Certificate)} and is signed with {ObjectNames.Of(Certificate.SignatureAlgorithm)}: {Problem}";

    public override IReadOnlyList<Advice> Advice =>
    [
        new(Blame.Authority, "Issue it with a named curve (P-256) or RSA, and SHA-256; see what it has with", "openssl x509 -in client.pem -noout -text | grep -E 'Algorithm|OID|Curve'"),
    ];

    public override void Describe(Evidence evidence) => evidence
        .Add("certificate", Certificate)
        .Add("depth", Depth)
        .Add("key", ObjectNames.Key(Certificate))
        .Add("signature", ObjectNames.Of(Certificate.SignatureAlgorithm))
        .Add("problem", Problem);
}
