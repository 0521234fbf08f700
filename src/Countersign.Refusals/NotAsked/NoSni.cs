namespace Countersign.Refusals;

/// <summary>Without a server name the address's default server led the handshake, and its policy is another one.</summary>
public sealed record NoSni(NoCertificateCase Case, Confidence Weight) : NoCertificateReason(Case)
{
    public const string Name = "not-asked/no-sni";

    public static NoSni? Of(NoCertificateCase request) =>
        request.Sni is null && AskedElsewhere.Of(request) is { } weight ? new NoSni(request, weight) : null;

    public override string Id => Name;

    public override Blame Blame => Blame.Client;

    public override Confidence Confidence => Weight;

    public override string Message =>
        $"the client named no server in its handshake (no SNI), so the default server {Phrase.Server(Case.Handshake)} led it, {AskedElsewhere.Policy(Case)}; "
        + $"its Host {Phrase.Quoted(Case.Request.Host)} belongs to {Phrase.Server(Case.Addressed)}, which wants a certificate ({Case.Addressed.Trust.ModeAt})";

    public override IReadOnlyList<Advice> Advice =>
    [
        new(Blame.Client, "Connect by name and not by address; where the name does not resolve, say where it is",
            $"curl --resolve {Host}:{Case.Addressed.Port}:ADDRESS --cert client-chain.pem --key client.key {Phrase.Url(Host, Case.Addressed.Port)}"),
        new(Blame.Operator, $"Ask in the default server, too ({Case.Handshake.At})", $"ssl_verify_client optional; {ChainText.BundleDirective(Case.Addressed.Trust)}"),
        new(Blame.Operator, "Or turn handshakes without a known name away, so that the client learns of it at once; default_server then goes out of every other listen of that address", $"server {{ listen {Case.Handshake.Listen} ssl default_server; ssl_reject_handshake on; }}"),
    ];

    private string Host => Phrase.Paste(Case.Request.Host, Case.Addressed.Name);

    private protected override void Explain(Evidence evidence) => evidence
        .Add("sni", "")
        .Add("host", Case.Request.Host)
        .Add("default_server_asks", Case.Handshake.Trust.Mode)
        .Add("default_server_asks_at", Case.Handshake.Trust.ModeAt)
        .Add("addressed_server_asks", Case.Addressed.Trust.Mode)
        .Add("addressed_server_asks_at", Case.Addressed.Trust.ModeAt);
}
