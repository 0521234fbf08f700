namespace Countersign.Refusals;

/// <summary>A balancer or a CDN ends the client's TLS and connects by itself: its connection has no certificate of the client, and cannot have.</summary>
public sealed record TlsTerminatedInFront(NoCertificateCase Case) : NoCertificateReason(Case)
{
    public const string Name = "not-asked/tls-terminated-in-front";

    public static TlsTerminatedInFront? Of(NoCertificateCase request) =>
        request.Request.ForwardedFor.Length > 0 || Added(request).Any() ? new TlsTerminatedInFront(request) : null;

    public override string Id => Name;

    public override Blame Blame => Blame.Network;

    // X-Forwarded-For alone may come from anything that relays a request, and anybody can write it.
    public override Confidence Confidence => Added(Case).Any() ? Confidence.Likely : Confidence.Possible;

    public override string Message =>
        $"the request has {Phrase.List(Headers)}, which something between the client and the gate adds to a request that it can read: TLS of the client ends there, "
        + $"and the connection to server {Phrase.Server(Case.Handshake)} is its own, without a certificate";

    public override IReadOnlyList<Advice> Advice =>
    [
        new(Blame.Network, "Let what is in front pass TLS through unopened (a TCP or network load balancer); the client's address then comes by the PROXY protocol", $"listen {Case.Handshake.Listen} ssl proxy_protocol;"),
        new(Blame.Network, "Or let it verify the clients, and show the gate a certificate of its own, as Cloudflare's authenticated origin pulls and proxy_ssl_certificate of nginx do", "proxy_ssl_certificate gate.pem; proxy_ssl_certificate_key gate.key;"),
    ];

    private List<string> Headers => [.. Added(Case).Select(ChainText.Printable), .. Case.Request.ForwardedFor.Length > 0 ? new[] { "X-Forwarded-For" } : []];

    private static IEnumerable<string> Added(NoCertificateCase request) =>
        request.Request.AddedInFront.Where(header => !header.Equals("Via", StringComparison.OrdinalIgnoreCase) && !header.Equals("X-Forwarded-For", StringComparison.OrdinalIgnoreCase));

    private protected override void Explain(Evidence evidence) => evidence
        .Add("added_in_front", Headers)
        .Add("forwarded_for", Case.Request.ForwardedFor.Length == 0 ? null : Case.Request.ForwardedFor)
        .Add("proxy_protocol", Case.HasProxyHeader);
}
