namespace Countersign.Refusals;

/// <summary>A revocation list begins later than now: a clock is wrong.</summary>
public sealed record CrlNotYetValid(CertificateFacts Certificate, int Depth, CrlFacts? Crl, TrustFacts Trust, DateTimeOffset Now) : Reason
{
    public const string Name = "revocation/crl-not-yet-valid";

    public override string Id => Name;

    public override Blame Blame => Blame.Operator;

    public override string Message =>
        $"the revocation list of \"{Certificate.Issuer}\" in {Trust.Crl} ({Trust.CrlAt}) begins{(Crl is null ? " later than now" : $" {Evidence.Text(Crl.ThisUpdate)}, {Span.Of(Crl.ThisUpdate - Now)} from now")}: the gate's clock or the authority's is wrong";

    public override IReadOnlyList<Advice> Advice =>
    [
        new(Blame.Operator, "Compare the gate's clock with the time", "timedatectl status || date -u"),
    ];

    public override void Describe(Evidence evidence) => evidence
        .Add("certificate", Certificate)
        .Add("depth", Depth)
        .Add("crl_file", Trust.Crl)
        .Add("this_update", Crl?.ThisUpdate)
        .Add("now", Now);
}
