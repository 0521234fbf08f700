namespace Countersign.Refusals;

/// <summary>A certificate is signed over a digest that OpenSSL's security level does not take any more.</summary>
public sealed record DigestTooWeak(CertificateFacts Certificate, int Depth) : Reason
{
    public const string Name = "chain/digest-too-weak";

    public override string Id => Name;

    public override Blame Blame => Blame.Authority;

    public override string Message =>
        $"{ChainText.Of(Certificate, Depth)} is signed with {ObjectNames.Of(Certificate.SignatureAlgorithm)}, which OpenSSL's security level of this gate does not take any more";

    public override IReadOnlyList<Advice> Advice =>
    [
        new(Blame.Authority, "Issue it again with SHA-256: add to openssl ca, openssl x509 -req or openssl req", "-sha256"),
        new(Blame.Operator, "To go on for a time, at the price of every client's security, lower the level in this server with", "ssl_ciphers HIGH:!aNULL:!MD5:@SECLEVEL=0;"),
    ];

    public override void Describe(Evidence evidence) => evidence
        .Add("certificate", Certificate)
        .Add("depth", Depth)
        .Add("signature", ObjectNames.Of(Certificate.SignatureAlgorithm));
}
