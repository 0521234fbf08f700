namespace Countersign.Refusals;

/// <summary>The client picks by the list in the CertificateRequest, and the issuer of what it has is not in it.</summary>
public sealed record IssuerNotAdvertised(NoCertificateCase Case, Confidence Weight) : NoCertificateReason(Case)
{
    public const string Name = "not-sent/issuer-not-advertised";

    public static IssuerNotAdvertised? Of(NoCertificateCase request) =>
        AdvertisedList.Mismatch(request) is { } weight ? new IssuerNotAdvertised(request, weight) : null;

    public override string Id => Name;

    public override Blame Blame => IsTrusted || IsListNewer ? Blame.Operator : Blame.Client;

    public override Confidence Confidence => Weight;

    public override string Message =>
        $"the client came with \"{Leaf.Subject}\" at {Evidence.Text(Case.History!.LeafAt ?? Case.Now)}, issued by \"{Leaf.Issuer}\", and now sends nothing: {AdvertisedList.Manner(Case.Client)}, "
        + $"and the list that server {Phrase.Server(Case.Handshake)} sends ({AdvertisedList.Size(Case.Handshake)}: {Phrase.List(Names)}) does not have that issuer"
        + (IsTrusted ? $"; the issuer is trusted, though, by ssl_trusted_certificate, whose names clients are not told" : "")
        + (IsListNewer ? $"; the configuration was loaded after that, at {Evidence.Text(Case.LoadedAt!.Value)}" : "")
        + (Owner is { } owner ? $"; server \"{owner.Server}\" has it in its list" : "");

    public override IReadOnlyList<Advice> Advice =>
    [
        new(Blame.Operator, $"If such clients are to be let in, append the certificate of \"{Leaf.Issuer}\" and those above it to", ChainText.BundleDirective(Case.Handshake.Trust)),
        new(Blame.Client, "Otherwise use a certificate of an authority that the server names", $"openssl s_client {Phrase.Connect(Host, Case.Addressed.Port)} </dev/null | sed -n '/Acceptable client/,/Requested/p'"),
    ];

    private CertificateFacts Leaf => Case.History!.Leaf!;

    private string Host => Phrase.Paste(Case.Sni, Case.Handshake.Name);

    private List<string> Names => [.. AdvertisedList.Texts(Case.Handshake).Select(name => $"\"{name}\"")];

    private bool IsListNewer => Case.History!.LeafAt < Case.LoadedAt;

    private bool IsTrusted => Case.Handshake.Trust.Certificates.Any(trusted => !trusted.IsAdvertised && trusted.Certificate.Subject.IsSame(Leaf.Issuer));

    private TrustFacts? Owner => Case.OtherServers.FirstOrDefault(other =>
        other.Server != Case.Handshake.Name && other.Certificates.Any(trusted => trusted.IsAdvertised && trusted.Certificate.Subject.IsIdentical(Leaf.Issuer)));

    private protected override void Explain(Evidence evidence) => evidence
        .Add("sent_before", Leaf)
        .Add("sent_before_at", Case.History!.LeafAt)
        .Add("configuration_loaded_at", Case.LoadedAt)
        .Add("advertised", AdvertisedList.Texts(Case.Handshake))
        .Add("issuer_is_trusted", IsTrusted)
        .Add("belongs_to", Owner?.Server);
}
