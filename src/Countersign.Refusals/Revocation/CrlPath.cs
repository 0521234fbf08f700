namespace Countersign.Refusals;

/// <summary>The path of whoever signed a revocation list could not be verified.</summary>
public sealed record CrlPath(CertificateFacts Certificate, int Depth, TrustFacts Trust) : Reason
{
    public const string Name = "revocation/crl-path";

    public override string Id => Name;

    public override Blame Blame => Blame.Operator;

    public override string Message =>
        $"the path from the issuer of the revocation list for \"{Certificate.Issuer}\" in {Trust.Crl} ({Trust.CrlAt}) to a trusted root could not be verified";

    public override IReadOnlyList<Advice> Advice =>
    [
        new(Blame.Operator, "Use a list that the authority itself signed, or append the path of its signer to", ChainText.BundleDirective(Trust)),
    ];

    public override void Describe(Evidence evidence) => evidence
        .Add("certificate", Certificate)
        .Add("depth", Depth)
        .Add("crl_file", Trust.Crl);
}
