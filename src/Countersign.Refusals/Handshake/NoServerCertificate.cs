namespace Countersign.Refusals;

/// <summary>The name of the gate's own certificate has variables, and what they come to for this client cannot be loaded.</summary>
public sealed record NoServerCertificate(HandshakeCase Case) : HandshakeReason(Case)
{
    public const string Name = "handshake/no-server-certificate";

    public static NoServerCertificate? Of(HandshakeCase handshake) =>
        handshake is { End: HandshakeEnd.Failed, CertificateProblem.Length: > 0 } ? new NoServerCertificate(handshake) : null;

    public override string Id => Name;

    public override Blame Blame => Blame.Operator;

    public override string Message =>
        $"server {Phrase.Server(Case.Server)} has no certificate of its own to show to a client that {(Case.Sni is { } sni ? $"named {Phrase.Quoted(sni)}" : "named no server (no SNI)")}: "
        + ChainText.Printable(Case.CertificateProblem);

    public override IReadOnlyList<Advice> Advice =>
    [
        new(Blame.Operator, $"Put certificate and key where ssl_certificate looks for them ({Case.Server.CertificateAt}), so that the gate's user can read them", $"ls -l {File}"),
        new(Blame.Operator, "Or turn away whoever asks for a name that no server has", $"server {{ listen {Case.Server.Listen} ssl default_server; ssl_reject_handshake on; }}"),
    ];

    // nginx's words have the file in the first quotes; a client has a part in its name.
    private string File => Case.CertificateProblem.Split('"') is [_, var file, ..] && file.All(symbol => char.IsAsciiLetterOrDigit(symbol) || symbol is '/' or '.' or '-' or '_')
        ? file : "FILE";

    private protected override void Explain(Evidence evidence) => evidence
        .Add("sni", Case.Sni)
        .Add("certificate_at", Case.Server.CertificateAt)
        .Add("problem", Case.CertificateProblem);
}
