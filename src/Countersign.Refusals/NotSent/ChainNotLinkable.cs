namespace Countersign.Refusals;

/// <summary>The list has the authority above the issuer; the client holds its certificate alone and cannot see that the two belong together.</summary>
/// <param name="Link">The intermediate between the two.</param>
/// <param name="Listed">The name above it that is in the list.</param>
public sealed record ChainNotLinkable(NoCertificateCase Case, CertificateFacts Link, DistinguishedName Listed, Confidence Weight) : NoCertificateReason(Case)
{
    public const string Name = "not-sent/chain-not-linkable";

    public static ChainNotLinkable? Of(NoCertificateCase request)
    {
        if (AdvertisedList.Mismatch(request) is not { } weight)
        {
            return null;
        }
        var last = request.History!.Sent[^1];
        var known = request.Handshake.Trust.Certificates.Concat(request.OtherServers.SelectMany(other => other.Certificates)).Select(trusted => trusted.Certificate);
        foreach (var link in known.Where(last.IsIssuedBy))
        {
            if (request.Handshake.AdvertisedNames.FirstOrDefault(link.Issuer.IsIdentical) is { } listed)
            {
                return new ChainNotLinkable(request, link, listed, weight);
            }
        }
        return null;
    }

    public override string Id => Name;

    public override Blame Blame => Blame.Client;

    public override Confidence Confidence => Weight;

    public override string Message =>
        $"the client came with {(Case.History!.Sent.Count == 1 ? "" : $"{Case.History.Sent.Count} certificates below ")}\"{Case.History.Sent[^1].Subject}\" at {Evidence.Text(Case.History.LeafAt ?? Case.Now)} and now sends nothing: "
        + $"the list of server {Phrase.Server(Case.Handshake)} has \"{Listed}\" and not \"{Link.Subject}\", which issued it; the client does not hold that intermediate, so it cannot know that the one leads to the other, "
        + $"and {AdvertisedList.Manner(Case.Client)}";

    public override IReadOnlyList<Advice> Advice =>
    [
        new(Blame.Client, "Put the intermediate after the client's own certificate, in its file or its key store", "cat client.pem intermediate.pem > client-chain.pem"),
        new(Blame.Operator, $"Or name the intermediate in the list: append \"{Link.Subject}\" (SHA-256 {Link.Sha256}) to", ChainText.BundleDirective(Case.Handshake.Trust)),
    ];

    private protected override void Explain(Evidence evidence) => evidence
        .Add("sent_before", Case.History!.Leaf)
        .Add("sent_before_at", Case.History.LeafAt)
        .Add("sent_before_count", Case.History.Sent.Count)
        .Add("link", Link)
        .Add("listed", Listed.ToString())
        .Add("advertised", AdvertisedList.Texts(Case.Handshake));
}
