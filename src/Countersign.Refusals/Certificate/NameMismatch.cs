namespace Countersign.Refusals;

/// <summary>The certificate does not have the name, address or mailbox that was asked for.</summary>
public sealed record NameMismatch(CertificateFacts Certificate, string Kind) : Reason
{
    public const string Name = "certificate/name-mismatch";

    public override string Id => Name;

    public override Blame Blame => Blame.Client;

    public override string Message =>
        $"the client's certificate \"{Certificate.Subject}\" does not have the {Kind} that was asked of it";

    public override IReadOnlyList<Advice> Advice =>
    [
        new(Blame.Client, "Use a certificate with that name; see the names of this one with", "openssl x509 -in client.pem -noout -ext subjectAltName"),
    ];

    public override void Describe(Evidence evidence) => evidence
        .Add("certificate", Certificate)
        .Add("kind", Kind)
        .Add("dns", Certificate.AlternativeNames.Dns)
        .Add("ip", Certificate.AlternativeNames.Ip)
        .Add("email", Certificate.AlternativeNames.Email);
}
