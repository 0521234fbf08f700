namespace Countersign.Refusals;

/// <summary>The client refused the gate's own certificate.</summary>
public sealed record ClientDistrustsServer(HandshakeCase Case) : HandshakeReason(Case)
{
    public const string Name = "handshake/client-distrusts-server";

    public static ClientDistrustsServer? Of(HandshakeCase handshake) =>
        handshake.AlertReceived is 42 or 43 or 44 or 45 or 46 or 48 && handshake.Stage >= HandshakeStage.Answered ? new ClientDistrustsServer(handshake) : null;

    public override string Id => Name;

    public override Blame Blame => IsOver || IsOtherName || IsWithoutIssuer ? Blame.Operator : Blame.Client;

    // Once the client's own certificate is out, a browser may also mean that.
    public override Confidence Confidence => Case.Stage == HandshakeStage.Answered ? Confidence.Proved : Confidence.Likely;

    public override string Message =>
        $"the client refused the certificate of server {Phrase.Server(Case.Server)} with {AlertName.Of(Alert)} (alert {Alert})"
        + (Leaf is { } leaf ? $": \"{leaf.Subject}\" of \"{leaf.Issuer}\" ({Case.Server.CertificateAt})" : "")
        + Finding;

    public override IReadOnlyList<Advice> Advice => IsOver
        ? [new(Blame.Operator, $"Renew the certificate at {Case.Server.CertificateAt} and reload", Case.Server.Trust.ReloadCommand)]
        : IsOtherName
        ? [
            new(Blame.Client, "Connect by a name that the certificate has", $"curl {Phrase.Url(Phrase.Paste(Leaf!.AlternativeNames.Dns.FirstOrDefault(), Case.Server.Name), Case.Server.Port)}"),
            new(Blame.Operator, "Or have the name added to the certificate", $"openssl req -new -key server.key -out server.csr -subj /CN={Host} -addext subjectAltName=DNS:{Host}"),
        ]
        : IsWithoutIssuer
        ? [
            new(Blame.Operator, $"Send the intermediates, too: append them to the file at {Case.Server.CertificateAt}", "cat server.pem intermediate.pem > server-chain.pem"),
            new(Blame.Client, "Or, if it was issued by a root, have the client trust that", Trusting),
        ]
        : [
            new(Blame.Client, "Have the client trust the authority of the gate's certificate", Trusting),
            new(Blame.Client, "See what the client is shown", $"openssl s_client {Phrase.Connect(Host, Case.Server.Port)} -showcerts </dev/null"),
        ];

    private int Alert => Case.AlertReceived!.Value;

    private CertificateFacts? Leaf => Case.Server.Chain is [var leaf, ..] ? leaf : null;

    private string Trusting => $"curl --cacert server-root.pem --cert client-chain.pem --key client.key {Phrase.Url(Host, Case.Server.Port)}";

    private bool IsOver => Leaf is { } leaf && (leaf.NotAfter < Case.Now || leaf.NotBefore > Case.Now);

    private bool IsOtherName => Case.Sni is { } sni && Leaf is { AlternativeNames.Dns: { Count: > 0 } names } && !names.Any(name => HostMatch.Covers(name, sni));

    private bool IsWithoutIssuer => Leaf is { IsSelfIssued: false } && Case.Server.Chain.Count == 1;

    private string Finding => IsOver
        ? Leaf!.NotAfter < Case.Now
            ? $"; it ended {Evidence.Text(Leaf.NotAfter)}, {Phrase.Time(Case.Now - Leaf.NotAfter)} ago"
            : $"; it begins {Evidence.Text(Leaf.NotBefore)}, in {Phrase.Time(Leaf.NotBefore - Case.Now)}"
        : IsOtherName ? $"; the client asked for {Phrase.Quoted(Case.Sni!)}, and the certificate is for {Phrase.List([.. Leaf!.AlternativeNames.Dns])}"
        : IsWithoutIssuer ? "; the gate sends it alone, and if its issuer is an intermediate, the client cannot link it to a root"
        : Leaf is { IsSelfIssued: true } ? "; it is self-signed, so the client must have it among those it trusts"
        : Leaf is null ? "" : $"; {ChainText.Count(Case.Server.Chain.Count, "certificate")} are sent, and the client trusts no authority of \"{Case.Server.Chain[^1].Issuer}\"";

    private protected override void Explain(Evidence evidence) => evidence
        .Add("server_certificate", Leaf)
        .Add("server_certificate_at", Case.Server.CertificateAt)
        .Add("server_certificate_not_after", Leaf?.NotAfter)
        .Add("server_certificate_names", Leaf?.AlternativeNames.Dns ?? [])
        .Add("server_certificates_sent", Case.Server.Chain.Count)
        .Add("sni", Case.Sni);
}
