namespace Countersign.Refusals;

/// <summary>The key usage allows neither signing nor key agreement, one of which a client does.</summary>
public sealed record CertificateKeyUsage(CertificateFacts Certificate) : Reason
{
    public const string Name = "certificate/key-usage";

    public override string Id => Name;

    public override Blame Blame => Blame.Client;

    public override string Message =>
        $"the client's certificate \"{Certificate.Subject}\" has the key usage {string.Join(", ", Certificate.KeyUsage ?? [])}, and a client's needs digitalSignature or keyAgreement";

    public override IReadOnlyList<Advice> Advice =>
    [
        new(Blame.Authority, "Issue it with", "keyUsage = critical, digitalSignature"),
        new(Blame.Client, "See what it has with", "openssl x509 -in client.pem -noout -ext keyUsage"),
    ];

    public override void Describe(Evidence evidence) => evidence
        .Add("certificate", Certificate)
        .Add("required", ["digitalSignature", "keyAgreement"])
        .Add("present", Certificate.KeyUsage ?? []);
}
