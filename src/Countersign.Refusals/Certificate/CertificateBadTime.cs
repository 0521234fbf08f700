namespace Countersign.Refusals;

/// <summary>A date in a certificate is none.</summary>
public sealed record CertificateBadTime(CertificateFacts Certificate, int Depth, bool IsBegin) : Reason
{
    public const string Name = "certificate/bad-time";

    public override string Id => Name;

    public override Blame Blame => Blame.Authority;

    public override string Message =>
        $"{ChainText.Of(Certificate, Depth)} has the {Field} \"{Present}\", which is no time of RFC 5280";

    public override IReadOnlyList<Advice> Advice =>
    [
        new(Blame.Authority, "Issue it again with UTCTime until 2049 and GeneralizedTime from 2050 on, both ending in Z; see it with", "openssl asn1parse -in client.pem | grep -E 'UTCTIME|GENERALIZEDTIME'"),
    ];

    private string Field => IsBegin ? "notBefore" : "notAfter";

    private string Present => IsBegin ? Certificate.Validity.NotBefore : Certificate.Validity.NotAfter;

    public override void Describe(Evidence evidence) => evidence
        .Add("certificate", Certificate)
        .Add("depth", Depth)
        .Add("field", Field)
        .Add("present", Present);
}
