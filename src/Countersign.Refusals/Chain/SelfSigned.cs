namespace Countersign.Refusals;

/// <summary>The client's certificate is signed by its own key and is not itself in the bundle.</summary>
public sealed record SelfSigned(CertificateFacts Certificate, TrustFacts Trust) : Reason
{
    public const string Name = "chain/self-signed";

    public override string Id => Name;

    public override Blame Blame => Blame.Client;

    public override string Message =>
        $"the client's certificate \"{Certificate.Subject}\" is signed by its own key, and {ChainText.Bundle(Trust)} does not have it";

    public override IReadOnlyList<Advice> Advice =>
    [
        new(Blame.Client, "Use a certificate that an authority of this server issued; this one says of itself", "openssl x509 -in client.pem -noout -subject -issuer"),
        new(Blame.Operator, $"If this very certificate should be let in (SHA-256 {Certificate.Sha256}), append it to", ChainText.BundleDirective(Trust)),
    ];

    public override void Describe(Evidence evidence) => evidence
        .Add("certificate", Certificate)
        .Add("is_authority", Certificate.IsAuthority)
        .Add("bundle", Trust.Bundle);
}
