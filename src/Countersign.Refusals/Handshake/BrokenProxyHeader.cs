namespace Countersign.Refusals;

/// <summary>The listen wants a PROXY protocol header before everything else, and what came first is none, or a broken one.</summary>
public sealed record BrokenProxyHeader(HandshakeCase Case) : HandshakeReason(Case)
{
    private const byte HandshakeRecord = 0x16;

    public const string Name = "handshake/broken-proxy-header";

    public static BrokenProxyHeader? Of(HandshakeCase handshake) => handshake.End == HandshakeEnd.ProxyHeader ? new BrokenProxyHeader(handshake) : null;

    public override string Id => Name;

    // The header is never the client's to send.
    public override Blame Blame => Blame.Network;

    public override string Message => IsBegun
        ? $"the PROXY protocol header of a connection to server {Phrase.Server(Case.Server)} is not one that can be read{Fault}: {FirstBytesText.Of(Case.FirstBytes.Span)}"
        : $"a connection to server {Phrase.Server(Case.Server)} began with {Words} and no PROXY protocol header, which proxy_protocol in its listen wants: "
            + $"it came past the balancer, or the balancer sends none; first bytes {FirstBytesText.Of(Case.FirstBytes.Span)}";

    public override IReadOnlyList<Advice> Advice => IsBegun
        ?
        [
            new(Blame.Network, "See what is in front sends; versions 1 and 2 are read, of at most 4096 bytes", $"tcpdump -nA -c 20 'tcp dst port {Case.Server.Port} and tcp[tcpflags] & tcp-push != 0'"),
            new(Blame.Network, "And have it send a header that is known to be good: send-proxy-v2 in a server line of HAProxy, in stream of nginx", "proxy_protocol on;"),
        ]
        :
        [
            new(Blame.Network, "Let clients come through the balancer, and let it send the header: send-proxy-v2 in a server line of HAProxy, in stream of nginx", "proxy_protocol on;"),
            new(Blame.Operator, "Or, where nothing in front sends it, take proxy_protocol out of every listen of that address", $"listen {Case.Server.Listen} ssl;"),
            new(Blame.Client, "To try the gate without the balancer, send a header as it does", $"curl --haproxy-protocol --cert client-chain.pem --key client.key {Phrase.Url(Host, Case.Server.Port)}"),
        ];

    /// <summary>It is a header, as far as it goes.</summary>
    private bool IsBegun => Kind == FirstBytesKind.ProxyProtocol;

    private FirstBytesKind Kind => FirstBytesText.KindOf(Case.FirstBytes.Span);

    private bool IsTls => Case.FirstBytes.Span is [HandshakeRecord, ..];

    private string Words => IsTls ? "TLS" : Kind switch
    {
        FirstBytesKind.Http => "an HTTP request",
        FirstBytesKind.Ssh => "an SSH client's greeting",
        FirstBytesKind.ProxyProtocol or FirstBytesKind.Unknown => "other bytes",
    };

    // nginx's line says what is wrong, but where it only repeats the header.
    private string Fault => Case.NginxLine.StartsWith("broken header", StringComparison.Ordinal) || Case.NginxLine.Length == 0 ? "" : $" ({Case.NginxLine})";

    private protected override void Explain(Evidence evidence) => evidence
        .Add("proxy_protocol", IsBegun)
        .Add("began_with", IsTls ? "tls" : Kind switch
        {
            FirstBytesKind.Http => "http",
            FirstBytesKind.Ssh => "ssh",
            FirstBytesKind.ProxyProtocol => "proxy_protocol",
            FirstBytesKind.Unknown => "unknown",
        })
        .Add("first_bytes", FirstBytesText.Of(Case.FirstBytes.Span))
        .Add("first_bytes_hex", Convert.ToHexStringLower(Case.FirstBytes.Span));
}
