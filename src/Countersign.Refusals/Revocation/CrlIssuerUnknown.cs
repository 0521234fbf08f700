namespace Countersign.Refusals;

/// <summary>Whoever signed a revocation list is not in the bundle.</summary>
public sealed record CrlIssuerUnknown(CertificateFacts Certificate, int Depth, CrlFacts? Crl, TrustFacts Trust) : Reason
{
    public const string Name = "revocation/crl-issuer-unknown";

    public override string Id => Name;

    public override Blame Blame => Blame.Operator;

    public override string Message =>
        $"whoever signed the revocation list for \"{Certificate.Issuer}\" in {Trust.Crl} ({Trust.CrlAt}){(Crl is null ? "" : $", \"{Crl.Issuer}\",")} is not in {ChainText.Bundle(Trust)}";

    public override IReadOnlyList<Advice> Advice =>
    [
        new(Blame.Operator, "Append the certificate of the list's issuer to", ChainText.BundleDirective(Trust)),
    ];

    public override void Describe(Evidence evidence) => evidence
        .Add("certificate", Certificate)
        .Add("depth", Depth)
        .Add("crl_file", Trust.Crl)
        .Add("crl_issuer", Crl?.Issuer.ToString());
}
