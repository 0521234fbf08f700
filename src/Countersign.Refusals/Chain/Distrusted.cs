namespace Countersign.Refusals;

/// <summary>The bundle itself says that an authority is not to be trusted for clients.</summary>
public sealed record Distrusted(CertificateFacts Certificate, int Depth, TrustFacts Trust, bool IsRejected) : Reason
{
    public const string Name = "chain/distrusted";

    public override string Id => Name;

    public override Blame Blame => Blame.Operator;

    public override string Message =>
        $"{ChainText.Of(Certificate, Depth)} is {(IsRejected ? "marked as rejected for clients, or as trusted for something else only," : "not marked as trusted for clients")} by the TRUSTED CERTIFICATE settings of {ChainText.Bundle(Trust)}";

    public override IReadOnlyList<Advice> Advice =>
    [
        new(Blame.Operator, "Write the authority into the bundle as a plain certificate", "openssl x509 -in ca.pem -clrtrust -clrreject -out ca-plain.pem"),
    ];

    public override void Describe(Evidence evidence) => evidence
        .Add("certificate", Certificate)
        .Add("depth", Depth)
        .Add("is_rejected", IsRejected)
        .Add("bundle", Trust.Bundle);
}
