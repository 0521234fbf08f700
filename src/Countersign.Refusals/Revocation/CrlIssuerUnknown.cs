namespace Countersign.Refusals;

/// <summary>The path ends below whoever signed a revocation list.</summary>
public sealed record CrlIssuerUnknown(CertificateFacts Certificate, int Depth, CrlFacts? Crl, TrustFacts Trust) : Reason
{
    public const string Name = "revocation/crl-issuer-unknown";

    public override string Id => Name;

    public override Blame Blame => Blame.Operator;

    public override string Message =>
        $"the path ends at {ChainText.Of(Certificate, Depth)}, which {ChainText.Bundle(Trust)} trusts by itself, so nobody is there to check the revocation list of \"{Crl?.Issuer ?? Certificate.Issuer}\" in {Trust.Crl} ({Trust.CrlAt}) with";

    public override IReadOnlyList<Advice> Advice =>
    [
        new(Blame.Operator, "Write the authority into the bundle as a plain certificate, and beside it every authority above, up to the root", "openssl x509 -in ca.pem -clrtrust -clrreject -out ca-plain.pem"),
    ];

    public override void Describe(Evidence evidence) => evidence
        .Add("certificate", Certificate)
        .Add("depth", Depth)
        .Add("crl_file", Trust.Crl)
        .Add("crl_issuer", Crl?.Issuer.ToString())
        .Add("bundle", Trust.Bundle);
}
