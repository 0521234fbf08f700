namespace Countersign.Refusals;

/// <summary>The client was verified by the default server against its bundle, and the request is for a server that trusts others.</summary>
public sealed record CrossTrust(NoCertificateCase Case) : NoCertificateReason(Case)
{
    public const string Name = "not-asked/cross-trust";

    public static CrossTrust? Of(NoCertificateCase request) => request is { Status: 421, IsSniKnown: false, IsStatusUnknown: false } or { IsLedByDefault: true, IsStatusUnknown: false } ? new CrossTrust(request) : null;

    public override string Id => Name;

    public override Blame Blame => Case.IsLedByDefault ? Blame.Operator : Blame.Client;

    public override string Message =>
        $"{AskedElsewhere.Name(Case)}, so the default server {Phrase.Server(Case.Handshake)} verified {Certificate} against {ChainText.Bundle(Case.Handshake.Trust)}; "
        + $"its Host {Phrase.Quoted(Case.Request.Host)} belongs to {Phrase.Server(Case.Addressed)}, which trusts {ChainText.Bundle(Case.Addressed.Trust)}; nginx would let it in";

    private string Certificate => Case.Leaf is { } leaf ? $"its certificate \"{leaf.Subject}\" of \"{leaf.Issuer}\"" : "its certificate";

    public override IReadOnlyList<Advice> Advice =>
    [
        Case.IsLedByDefault ? AskedElsewhere.OwnCertificate(Case)
            : new(Blame.Client, "Connect by the name of the server, so that it verifies the certificate itself", $"curl --cert client-chain.pem --key client.key {Phrase.Url(Phrase.Paste(Case.Request.Host, Case.Addressed.Name), Case.Addressed.Port)}"),
        new(Blame.Operator, "If both are to trust the same authorities, give both the same bundle and depth", ChainText.BundleDirective(Case.Handshake.Trust)),
        new(Blame.Operator, $"Or take nginx's behaviour for the server of the Host ({Case.Addressed.At}): everybody whom the default server trusts is then let in", "compatibility nginx;"),
    ];

    private protected override void Explain(Evidence evidence) => evidence
        .Add("sni", Case.Sni ?? "")
        .Add("host", Case.Request.Host)
        .Add("certificate", Case.Leaf)
        .Add("verified_against", Case.Handshake.Trust.Bundle)
        .Add("verified_against_names", Case.Handshake.Trust.Certificates.Select(trusted => trusted.Certificate.Subject.ToString()))
        .Add("wanted", Case.Addressed.Trust.Bundle)
        .Add("wanted_names", Case.Addressed.Trust.Certificates.Select(trusted => trusted.Certificate.Subject.ToString()))
        .Add("session_at", Case.SessionAt);
}
