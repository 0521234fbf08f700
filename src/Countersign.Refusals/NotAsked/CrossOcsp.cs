namespace Countersign.Refusals;

/// <summary>The default server verified the client and has another ssl_ocsp than the server of the request: a Host must not lead around the question.</summary>
public sealed record CrossOcsp(NoCertificateCase Case) : NoCertificateReason(Case)
{
    public const string Name = "not-asked/cross-ocsp";

    public static CrossOcsp? Of(NoCertificateCase request) => request is { Status: 421, IsStatusUnknown: true } ? new CrossOcsp(request) : null;

    public override string Id => Name;

    public override Blame Blame => Case.IsLedByDefault ? Blame.Operator : Blame.Client;

    public override string Message =>
        $"{AskedElsewhere.Name(Case)}, so the default server {Phrase.Server(Case.Handshake)} verified {Certificate} and {(Case.Handshake.Ocsp == "off" ? "asked no responder about it" : $"asked {Asked(Case.Handshake)}")}; "
        + $"its Host {Phrase.Quoted(Case.Request.Host)} belongs to {Phrase.Server(Case.Addressed)}, which has {Asked(Case.Addressed)} asked; nginx would let it in";

    private string Certificate => Case.Leaf is { } leaf ? $"its certificate \"{leaf.Subject}\" of \"{leaf.Issuer}\"" : "its certificate";

    private static string Asked(GateFacts server) =>
        $"{(server.OcspResponder.Length == 0 ? "the responder that each certificate names" : ChainText.Printable(server.OcspResponder))} (ssl_ocsp {server.Ocsp}, {server.OcspAt})";

    public override IReadOnlyList<Advice> Advice =>
    [
        Case.IsLedByDefault ? AskedElsewhere.OwnCertificate(Case)
            : new(Blame.Client, "Connect by the name of the server, so that it asks itself", $"curl --cert client-chain.pem --key client.key https://{Phrase.Paste(Case.Request.Host, Case.Addressed.Name)}/"),
        new(Blame.Operator, $"Or have the default server ({Case.Handshake.At}) ask the same", $"ssl_ocsp {Case.Addressed.Ocsp};{(Case.Addressed.OcspResponder.Length == 0 ? "" : $" ssl_ocsp_responder {ChainText.Printable(Case.Addressed.OcspResponder)};")}"),
        new(Blame.Operator, $"Or take nginx's behaviour for the server of the Host ({Case.Addressed.At}): clients whom its responder would keep out are then let in by way of the default server", "compatibility nginx;"),
    ];

    private protected override void Explain(Evidence evidence) => evidence
        .Add("sni", Case.Sni ?? "")
        .Add("host", Case.Request.Host)
        .Add("certificate", Case.Leaf)
        .Add("asked_before", Case.Handshake.Ocsp)
        .Add("asked_before_responder", Case.Handshake.OcspResponder)
        .Add("wanted", Case.Addressed.Ocsp)
        .Add("wanted_responder", Case.Addressed.OcspResponder)
        .Add("wanted_at", Case.Addressed.OcspAt)
        .Add("session_at", Case.SessionAt);
}
