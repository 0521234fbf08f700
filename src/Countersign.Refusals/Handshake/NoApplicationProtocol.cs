namespace Countersign.Refusals;

/// <summary>Client and gate have no protocol in common that ALPN could choose (RFC 7301).</summary>
public sealed record NoApplicationProtocol(HandshakeCase Case) : HandshakeReason(Case)
{
    public const string Name = "handshake/no-application-protocol";

    public static NoApplicationProtocol? Of(HandshakeCase handshake) =>
        handshake.AlertReceived == 120 || (handshake.End == HandshakeEnd.Failed && handshake.ErrorReason == HandshakeErrors.NoApplicationProtocol)
            ? new NoApplicationProtocol(handshake) : null;

    public override string Id => Name;

    public override Blame Blame => Blame.Client;

    public override string Message =>
        $"the client offers {Phrase.List(Offered)} in ALPN, and server {Phrase.Server(Case.Server)} has {Phrase.List([.. Case.Server.Alpn])}: nothing is common"
        + (Offered.Contains("h2") ? "; the gate speaks HTTP/1.1, and the client insists on HTTP/2" : "");

    public override IReadOnlyList<Advice> Advice =>
    [
        new(Blame.Client, "Let the client offer http/1.1, too", $"curl --http1.1 --cert client-chain.pem --key client.key {Phrase.Url(Host, Case.Server.Port)}"),
        new(Blame.Operator, "See that what is to be reached is behind this address: the protocols may be those of another service", $"openssl s_client {Phrase.Connect(Host, Case.Server.Port)} -alpn http/1.1 </dev/null | grep ALPN"),
    ];

    private List<string> Offered => [.. (Case.Hello?.Alpn ?? []).Select(ChainText.Printable)];

    private protected override void Explain(Evidence evidence) => evidence
        .Add("alpn_of_client", Offered)
        .Add("alpn_of_gate", Case.Server.Alpn);
}
