namespace Countersign.Refusals;

/// <summary>The issuer is in the list under the same name, written in other bytes: clients compare bytes.</summary>
public sealed record IssuerNameEncoding(NoCertificateCase Case, CertificateFacts Certificate, DistinguishedName Listed, Confidence Weight) : NoCertificateReason(Case)
{
    public const string Name = "not-sent/issuer-name-encoding";

    public static IssuerNameEncoding? Of(NoCertificateCase request)
    {
        if (AdvertisedList.Mismatch(request) is not { } weight)
        {
            return null;
        }
        foreach (var certificate in request.History!.Sent)
        {
            if (request.Handshake.AdvertisedNames.FirstOrDefault(name => name.IsSame(certificate.Issuer)) is { } listed)
            {
                return new IssuerNameEncoding(request, certificate, listed, weight);
            }
        }
        return null;
    }

    public override string Id => Name;

    public override Blame Blame => Blame.Operator;

    public override Confidence Confidence => Weight;

    public override string Message =>
        $"the client came with \"{Certificate.Subject}\" at {Evidence.Text(Case.History!.LeafAt ?? Case.Now)} and now sends nothing: its issuer \"{Certificate.Issuer}\" is in the list of server {Phrase.Server(Case.Handshake)}, "
        + $"but as other bytes ({NameDifference.Of(Certificate.Issuer, Listed)}), and {AdvertisedList.Manner(Case.Client)}";

    public override IReadOnlyList<Advice> Advice =>
    [
        new(Blame.Operator, "Put the authority's certificate with the name as it signs into the bundle, beside or instead of the other; compare the two with",
            "openssl x509 -in client.pem -noout -issuer -nameopt multiline,show_type; openssl x509 -in ca.pem -noout -subject -nameopt multiline,show_type"),
        new(Blame.Authority, "Issue certificates with the issuer's name copied from the authority's certificate byte for byte (RFC 5280, 4.1.2.4)"),
    ];

    private protected override void Explain(Evidence evidence) => evidence
        .Add("sent_before", Certificate)
        .Add("sent_before_at", Case.History!.LeafAt)
        .Add("issuer_der", Convert.ToHexStringLower(Certificate.Issuer.Raw.Span))
        .Add("listed_der", Convert.ToHexStringLower(Listed.Raw.Span))
        .Add("difference", NameDifference.Of(Certificate.Issuer, Listed));
}
