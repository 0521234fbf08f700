namespace Countersign.Refusals;

/// <summary>The key usage of an authority does not let it sign its revocation list.</summary>
public sealed record CaCannotSignCrls(CertificateFacts Certificate, int Depth, CertificateFacts? Authority, TrustFacts Trust) : Reason
{
    public const string Name = "revocation/ca-cannot-sign-crls";

    public override string Id => Name;

    public override Blame Blame => Blame.Authority;

    public override string Message =>
        $"the authority \"{Certificate.Issuer}\" signed a revocation list in {Trust.Crl} ({Trust.CrlAt}), but its key usage {(Authority?.KeyUsage is { } usage ? string.Join(", ", usage) : "")} has no cRLSign";

    public override IReadOnlyList<Advice> Advice =>
    [
        new(Blame.Authority, "Issue the authority's own certificate again with", "keyUsage = critical, keyCertSign, cRLSign"),
    ];

    public override void Describe(Evidence evidence) => evidence
        .Add("certificate", Certificate)
        .Add("depth", Depth)
        .Add("authority", Authority)
        .Add("required", "cRLSign")
        .Add("present", Authority?.KeyUsage ?? []);
}
