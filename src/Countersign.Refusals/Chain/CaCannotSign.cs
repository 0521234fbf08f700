namespace Countersign.Refusals;

/// <summary>The key usage of an authority does not let it sign certificates.</summary>
public sealed record CaCannotSign(CertificateFacts Certificate, int Depth) : Reason
{
    public const string Name = "chain/ca-cannot-sign-certificates";

    public override string Id => Name;

    public override Blame Blame => Blame.Authority;

    public override string Message =>
        $"the authority \"{Certificate.Subject}\" at depth {Depth} has the key usage {string.Join(", ", Certificate.KeyUsage ?? [])}, and issuing needs keyCertSign";

    public override IReadOnlyList<Advice> Advice =>
    [
        new(Blame.Authority, "Issue the authority's own certificate again with", "keyUsage = critical, keyCertSign, cRLSign"),
    ];

    public override void Describe(Evidence evidence) => evidence
        .Add("certificate", Certificate)
        .Add("depth", Depth)
        .Add("required", "keyCertSign")
        .Add("present", Certificate.KeyUsage ?? []);
}
