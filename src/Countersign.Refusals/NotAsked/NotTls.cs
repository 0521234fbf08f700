namespace Countersign.Refusals;

/// <summary>What came to a port that speaks TLS is neither TLS nor HTTP.</summary>
public sealed record NotTls(HandshakeCase Case) : HandshakeReason(Case)
{
    public const string Name = "not-asked/not-tls";

    public static NotTls? Of(HandshakeCase handshake) => (handshake.End == HandshakeEnd.NotTls && handshake.FirstAlert is null)
        || (handshake is { End: HandshakeEnd.Failed, ErrorReason: HandshakeErrors.HttpRequest or HandshakeErrors.HttpsProxyRequest })
        || (handshake.End == HandshakeEnd.Failed && handshake.Hello is null && !handshake.FirstBytes.IsEmpty && handshake.FirstBytes.Span[0] is not (0x16 or 0x15))
        ? new NotTls(handshake) : null;

    public override string Id => Name;

    public override Blame Blame => Kind == FirstBytesKind.ProxyProtocol ? Blame.Operator : Blame.Client;

    public override Confidence Confidence => Kind == FirstBytesKind.Unknown ? Confidence.Likely : Confidence.Proved;

    public override string Message =>
        $"the client's first bytes to a port of {Phrase.Server(Case.Server)} that speaks TLS are {Words}: {FirstBytesText.Of(Case.FirstBytes.Span)}";

    public override IReadOnlyList<Advice> Advice => Kind switch
    {
        FirstBytesKind.ProxyProtocol =>
        [
            new(Blame.Operator, "Say that the balancer in front sends the PROXY protocol, on every listen of that address, and whose addresses to believe", $"listen {Case.Server.Listen} ssl proxy_protocol; set_real_ip_from BALANCER;"),
            new(Blame.Network, "Or turn the PROXY protocol off in the balancer"),
        ],
        FirstBytesKind.Http => [new(Blame.Client, "Use https", $"curl --cert client-chain.pem --key client.key {Phrase.Url(Phrase.Paste(Case.Server.Name), Case.Server.Port)}")],
        FirstBytesKind.Ssh => [new(Blame.Client, "This is the port of a web server; SSH is elsewhere", $"ssh -p 22 {Phrase.Paste(Case.Server.Name)}")],
        FirstBytesKind.Unknown => [new(Blame.Client, "Speak TLS to this port; see what a client gets that does", $"openssl s_client {Phrase.Connect(Phrase.Paste(Case.Server.Name), Case.Server.Port)}")],
    };

    private FirstBytesKind Kind => FirstBytesText.KindOf(Case.FirstBytes.Span);

    private string Words => Kind switch
    {
        FirstBytesKind.ProxyProtocol => "a PROXY protocol header, and no listen of this address has proxy_protocol",
        FirstBytesKind.Http => "HTTP without TLS, and no request that could be answered",
        FirstBytesKind.Ssh => "an SSH client's",
        FirstBytesKind.Unknown => "no TLS",
    };

    private protected override void Explain(Evidence evidence) => evidence
        .Add("first_bytes", FirstBytesText.Of(Case.FirstBytes.Span))
        .Add("first_bytes_hex", Convert.ToHexStringLower(Case.FirstBytes.Span));
}
