namespace Countersign.Refusals;

/// <summary>The responder answers for the authority, and does not know the certificate.</summary>
public sealed record OcspUnknown(OcspInquiry Inquiry) : Reason
{
    public const string Name = "revocation/ocsp-unknown";

    public override string Id => Name;

    public override Blame Blame => Blame.Authority;

    public override string Message =>
        $"{Inquiry.Asked} does not know {Inquiry.Subject}" + (Inquiry.Certificate is { } certificate ? $" of \"{certificate.Issuer}\"" : "") + Inquiry.Period;

    public override IReadOnlyList<Advice> Advice =>
    [
        new(Blame.Authority, "Tell the responder of every certificate that was issued; a new one may be missing from its index until it reads it again"),
        new(Blame.Operator, "See the answer, and whether this responder is the one of the certificate's issuer, with", Inquiry.Command),
    ];

    public override void Describe(Evidence evidence) => Inquiry.Describe(evidence)
        .Add("certificate_names", Inquiry.Certificate?.OcspUrls ?? []);
}
