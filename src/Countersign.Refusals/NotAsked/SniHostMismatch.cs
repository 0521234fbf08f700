namespace Countersign.Refusals;

/// <summary>The handshake named one server and the request another, which verifies its clients itself.</summary>
public sealed record SniHostMismatch(NoCertificateCase Case) : NoCertificateReason(Case)
{
    public const string Name = "not-asked/sni-host-mismatch";

    /// <summary>A connection that was shared is the same and more.</summary>
    public static SniHostMismatch? Of(NoCertificateCase request) =>
        request is { IsSniKnown: true, IsLedByDefault: false } && (request.Status == 421 || request.IsLedElsewhere) && ConnectionCoalesced.Of(request) is null ? new SniHostMismatch(request) : null;

    internal static SniHostMismatch From(NoCertificateCase request, IReadOnlyList<string> others) => new(request) { Alternatives = others };

    public override string Id => Name;

    public override Blame Blame => Blame.Client;

    public override string Message =>
        $"the handshake was for {Phrase.Quoted(Case.Sni ?? "")}, answered by {Phrase.Server(Case.Handshake)}, and the request's Host is {Phrase.Quoted(Case.Request.Host)}, "
        + $"which belongs to {Phrase.Server(Case.Addressed)} and verifies its clients itself ({Case.Addressed.Trust.ModeAt})";

    public override IReadOnlyList<Advice> Advice =>
    [
        new(Blame.Client, "Use one name for both; with curl, the name of the URL and no Host header beside it", $"curl --cert client-chain.pem --key client.key {Phrase.Url(Host, Case.Addressed.Port)}"),
        new(Blame.Client, "In front of the gate, an nginx that passes requests on sends the name of its own proxy_pass unless it is told otherwise", "proxy_ssl_server_name on; proxy_ssl_name $host;"),
        new(Blame.Operator, $"If both names are the same service, give them to one server ({Case.Addressed.At})", $"server_name {Phrase.Paste(Case.Sni)} {Host};"),
    ];

    private string Host => Phrase.Paste(Case.Request.Host, Case.Addressed.Name);

    private protected override void Explain(Evidence evidence) => evidence
        .Add("sni", Case.Sni)
        .Add("host", Case.Request.Host)
        .Add("request_number", Case.Request.Number)
        .Add("handshake_server_asks", Case.Handshake.Trust.Mode)
        .Add("addressed_server_asks", Case.Addressed.Trust.Mode)
        .Add("certificate", Case.Leaf);
}
