namespace Countersign.Refusals;

/// <summary>The connection was reset in the middle of the handshake: no TLS stack ends one like that when it has something to say.</summary>
public sealed record ConnectionReset(HandshakeCase Case) : HandshakeReason(Case)
{
    public const string Name = "handshake/connection-reset";

    public static ConnectionReset? Of(HandshakeCase handshake) =>
        handshake.End == HandshakeEnd.Reset && handshake.Stage != HandshakeStage.Silent ? new ConnectionReset(handshake) : null;

    public override string Id => Name;

    public override Blame Blame => Blame.Network;

    public override Confidence Confidence => Confidence.Possible;

    public override string Message =>
        $"the connection was reset {Phrase.Time(Case.Elapsed)} after the client came, {When}: by a firewall or balancer on the way, or by the client's system when its program ended"
        + (Case.HasProxyHeader ? "; a balancer is in front (PROXY protocol), and it may be its timeout" : "");

    public override IReadOnlyList<Advice> Advice =>
    [
        new(Blame.Network, "Compare the moment with the idle timeouts of what is in between, and see who sends the reset", $"tcpdump -ni any 'tcp[tcpflags] & tcp-rst != 0 and port {Case.Server.Port}'"),
        new(Blame.Client, "See whether the client's program ended at that moment, and what it says", $"openssl s_client {Phrase.Connect(Host, Case.Server.Port)} -cert client-chain.pem -key client.key </dev/null"),
    ];

    private string When => Case.Stage switch
    {
        HandshakeStage.Silent => "before its first byte",
        HandshakeStage.Hello => "in the middle of its ClientHello",
        HandshakeStage.Answered => $"when server {Phrase.Server(Case.Server)} had answered" + (Case.WasAsked ? $" and asked for a certificate ({AdvertisedList.Size(Case.Server)}, {Case.Server.AdvertisedBytes} bytes)" : ""),
        HandshakeStage.ClientFlight => "in the middle of its certificate or signature",
        HandshakeStage.Done => "with the handshake done and no request",
    };

    private protected override void Explain(Evidence evidence) => evidence
        .Add("proxy_protocol", Case.HasProxyHeader)
        .Add("advertised_bytes", Case.WasAsked ? Case.Server.AdvertisedBytes : 0);
}
