namespace Countersign.Refusals;

/// <summary>A date in a revocation list is none.</summary>
public sealed record CrlUnreadable(CertificateFacts Certificate, int Depth, CrlFacts? Crl, TrustFacts Trust, bool IsBegin) : Reason
{
    public const string Name = "revocation/crl-unreadable";

    public override string Id => Name;

    public override Blame Blame => Blame.Authority;

    public override string Message =>
        $"the revocation list of \"{Certificate.Issuer}\" in {Trust.Crl} ({Trust.CrlAt}) has the {Field} \"{Present}\", which is no time of RFC 5280: every client of that authority is refused";

    public override IReadOnlyList<Advice> Advice =>
    [
        new(Blame.Authority, "Issue the list again; see it with", $"openssl asn1parse -in {ShellWord.Of(Trust.Crl)} | grep -E 'UTCTIME|GENERALIZEDTIME'"),
    ];

    private string Field => IsBegin ? "thisUpdate" : "nextUpdate";

    private string Present => (IsBegin ? Crl?.Update.This : Crl?.Update.Next) ?? "";

    public override void Describe(Evidence evidence) => evidence
        .Add("certificate", Certificate)
        .Add("depth", Depth)
        .Add("crl_file", Trust.Crl)
        .Add("crl_issuer", Certificate.Issuer.ToString())
        .Add("field", Field)
        .Add("present", Present);
}
