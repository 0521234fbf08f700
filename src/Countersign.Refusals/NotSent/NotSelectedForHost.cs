namespace Countersign.Refusals;

/// <summary>The client has a certificate that would do, and gives it to another name only.</summary>
public sealed record NotSelectedForHost(NoCertificateCase Case) : NoCertificateReason(Case)
{
    public const string Name = "not-sent/not-selected-for-host";

    public static NotSelectedForHost? Of(NoCertificateCase request) =>
        request.History is { Leaf: not null, LeafServer.Length: > 0 } history && history.LeafServer != request.Handshake.Name
            && AdvertisedList.Leads(history.Sent, request.Handshake.AdvertisedNames)
            ? new NotSelectedForHost(request) : null;

    public override string Id => Name;

    public override Blame Blame => Blame.Client;

    public override Confidence Confidence => Confidence.Possible;

    public override string Message =>
        $"the client came with \"{Leaf.Subject}\" to server \"{Case.History!.LeafServer}\" at {Evidence.Text(Case.History.LeafAt ?? Case.Now)} and sends nothing to server {Phrase.Server(Case.Handshake)}, whose list would admit it "
        + $"({(Case.Handshake.AdvertisedNames.Count == 0 ? "it is empty" : $"\"{Leaf.Issuer}\" or an authority above it is in it")}): programs give a certificate by host, and may leave out another name or the target of a redirect";

    public override IReadOnlyList<Advice> Advice =>
    [
        new(Blame.Client, "Give the certificate to this name, too; the client's settings have it by host or by URL", $"curl --cert client-chain.pem --key client.key {Phrase.Url(Phrase.Paste(Case.Sni, Case.Request.Host, Case.Handshake.Name), Case.Addressed.Port)}"),
        new(Blame.Client, "git has it by URL, for instance", $"git config --global http.{Phrase.Url(Phrase.Paste(Case.Sni, Case.Request.Host, Case.Handshake.Name), Case.Addressed.Port)}.sslCert client-chain.pem"),
    ];

    private CertificateFacts Leaf => Case.History!.Leaf!;

    private protected override void Explain(Evidence evidence) => evidence
        .Add("sent_before", Leaf)
        .Add("sent_before_at", Case.History!.LeafAt)
        .Add("sent_before_to", Case.History.LeafServer)
        .Add("host", Case.Request.Host);
}
