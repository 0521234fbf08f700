namespace Countersign.Refusals;

/// <summary>A plain HTTP request came to a port that speaks TLS.</summary>
public sealed record PlainHttp(NoCertificateCase Case) : NoCertificateReason(Case)
{
    public const string Name = "not-asked/plain-http";

    public override string Id => Name;

    public override Blame Blame => IsRelayed ? Blame.Network : Blame.Client;

    public override string Message =>
        $"the client sent a plain HTTP request to a port of {Phrase.Server(Case.Handshake)} that speaks TLS"
        + (IsRelayed ? $"; it has {Phrase.List(Headers)}, so what is in front of the gate ended TLS and went on without it" : "");

    public override IReadOnlyList<Advice> Advice => IsRelayed
        ?
        [
            new(Blame.Network, "Let what is in front pass TLS through unopened, or connect to the gate by TLS with a certificate of its own", "proxy_pass https://gate;"),
        ]
        :
        [
            new(Blame.Client, "Use https", $"curl --cert client-chain.pem --key client.key {Phrase.Url(Phrase.Paste(Case.Request.Host, Case.Addressed.Name), Case.Addressed.Port)}"),
            new(Blame.Operator, "Or send those who come without TLS to where it is spoken", Case.Handshake.Port == 443 ? "error_page 497 https://$host$request_uri;" : $"error_page 497 https://$host:{Case.Handshake.Port}$request_uri;"),
        ];

    private bool IsRelayed => Headers.Count > 0;

    private List<string> Headers => [.. Case.Request.AddedInFront.Select(ChainText.Printable).Concat(Case.Request.ForwardedFor.Length > 0 ? ["X-Forwarded-For"] : []).Distinct()];

    private protected override void Explain(Evidence evidence) => evidence
        .Add("host", Case.Request.Host)
        .Add("method", Case.Request.Method)
        .Add("added_in_front", Headers);
}
