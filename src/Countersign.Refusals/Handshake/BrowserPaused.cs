namespace Countersign.Refusals;

/// <summary>A browser closes the connection on which it is asked, shows its list of certificates, and comes back with the one that was chosen.</summary>
public sealed record BrowserPaused(HandshakeCase Case) : HandshakeReason(Case)
{
    public const string Name = "handshake/browser-paused";

    public static BrowserPaused? Of(HandshakeCase handshake) =>
        handshake is { End: HandshakeEnd.Closed, IsAskedAndSilent: true, Client.IsBrowser: true } ? new BrowserPaused(handshake) : null;

    public override string Id => Name;

    public override Blame Blame => Blame.Nobody;

    public override Confidence Confidence => Confidence.Likely;

    public override string Message =>
        $"{Case.Client.Name} closed the connection {Phrase.Time(Case.Elapsed)} after it came, when server {Phrase.Server(Case.Server)} had asked it for a certificate, and said nothing: "
        + "browsers do that while they show the list of certificates, and come back with the one that is chosen"
        + (Case.History?.LeafAt is { } then ? $"; at {Evidence.Text(then)} it came with one" : "");

    public override IReadOnlyList<Advice> Advice =>
    [
        new(Blame.Nobody, "Nothing, if it comes back"),
        new(Blame.Client, "If it does not, and no list is shown: import the certificate with its key", "openssl pkcs12 -export -inkey client.key -in client-chain.pem -out client.p12"),
    ];

    private protected override void Explain(Evidence evidence) => evidence
        .Add("sent_before", Case.History?.Leaf)
        .Add("sent_before_at", Case.History?.LeafAt)
        .Add("advertised_count", Case.Server.AdvertisedNames.Count);
}
