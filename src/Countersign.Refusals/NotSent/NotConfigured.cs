namespace Countersign.Refusals;

/// <summary>The client was asked and has no certificate to send: what remains when nothing points at another cause.</summary>
public sealed record NotConfigured(NoCertificateCase Case) : NoCertificateReason(Case)
{
    public const string Name = "not-sent/not-configured";

    // A client that picks by the list may have one and not say so.
    internal static NotConfigured From(NoCertificateCase request, IReadOnlyList<string> others) =>
        new(request) { Alternatives = PicksInVain(request) ? [.. others, IssuerNotAdvertised.Name] : others };

    public override string Id => Name;

    public override Blame Blame => Blame.Client;

    public override Confidence Confidence => PicksInVain(Case) ? Confidence.Possible : Confidence.Likely;

    public override string Message =>
        $"server {Phrase.Server(Case.Handshake)} asked for a certificate and the client{Program} answered{Wait} that it has none"
        + (PicksInVain(Case) ? $"; or it has one of another authority, as {AdvertisedList.Manner(Case.Client)}: {Phrase.List([.. AdvertisedList.Texts(Case.Handshake).Select(name => $"\"{name}\"")])}" : "")
        + (Case.History is { Leaf: { } leaf, LeafAt: { } then } ? $"; at {Evidence.Text(then)} a client of the same address and kind came with \"{leaf.Subject}\"" : "");

    public override IReadOnlyList<Advice> Advice =>
    [
        new(Blame.Client, "Give the client its certificate, with the intermediates behind it, and its key", Command),
        new(Blame.Client, "See what a given certificate gets here", $"countersign probe {Host}:{Case.Addressed.Port} --cert client-chain.pem --key client.key"),
    ];

    private string Host => Phrase.Paste(Case.Sni, Case.Request.Host, Case.Handshake.Name);

    private string Program => Case.Client.Name.Length == 0 ? "" : $" ({Case.Client.Name})";

    private string Wait => (Case.AnsweredAfter, Case.RoundTrip) switch
    {
        ({ } wait, { } trip) => $" after {Phrase.Time(wait)}, with a round trip of {Phrase.Time(trip)},",
        ({ } wait, null) => $" after {Phrase.Time(wait)}",
        _ => "",
    };

    private string Command => Case.Client.Name switch
    {
        "Java" => "java -Djavax.net.ssl.keyStore=client.p12 -Djavax.net.ssl.keyStoreType=PKCS12 -Djavax.net.ssl.keyStorePassword=PASSWORD -jar CLIENT.jar",
        "Python" => $"python3 -c \"import requests; print(requests.get('{Phrase.Url(Host, Case.Addressed.Port)}', cert=('client-chain.pem', 'client.key')))\"",
        "GnuTLS" => $"gnutls-cli --x509certfile client-chain.pem --x509keyfile client.key --port {Case.Addressed.Port} {Host}",
        "Wget" => $"wget --certificate client-chain.pem --private-key client.key {Phrase.Url(Host, Case.Addressed.Port)}",
        _ => $"curl --cert client-chain.pem --key client.key {Phrase.Url(Host, Case.Addressed.Port)}",
    };

    private static bool PicksInVain(NoCertificateCase request) =>
        request.Client.PicksByList && request.Handshake.AdvertisedNames.Count > 0;

    private protected override void Explain(Evidence evidence) => evidence
        .Add("advertised", AdvertisedList.Texts(Case.Handshake))
        .Add("sent_before", Case.History?.Leaf)
        .Add("sent_before_at", Case.History?.LeafAt);
}
