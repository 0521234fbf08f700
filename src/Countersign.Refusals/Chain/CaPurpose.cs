namespace Countersign.Refusals;

/// <summary>The extended key usage of an authority does not let it issue clients.</summary>
public sealed record CaPurpose(CertificateFacts Certificate, int Depth) : Reason
{
    public const string Name = "chain/ca-purpose";

    public override string Id => Name;

    public override Blame Blame => Blame.Authority;

    public override string Message =>
        $"the authority \"{Certificate.Subject}\" at depth {Depth} may only issue for {ObjectNames.Of(Certificate.ExtendedKeyUsage ?? [])}, not for clients";

    public override IReadOnlyList<Advice> Advice =>
    [
        new(Blame.Authority, "Issue clients from an authority whose certificate has no extended key usage, or has", "extendedKeyUsage = clientAuth"),
    ];

    public override void Describe(Evidence evidence) => evidence
        .Add("certificate", Certificate)
        .Add("depth", Depth)
        .Add("required", "clientAuth (1.3.6.1.5.5.7.3.2)")
        .Add("present", (Certificate.ExtendedKeyUsage ?? []).Select(ObjectNames.Of));
}
