namespace Countersign.Refusals;

/// <summary>libssl took a path over a certificate that has ended, and another path to a trusted root is valid.</summary>
public sealed record ExpiredCrossPath(CertificateFacts Certificate, int Depth, bool IsTrusted, CertificatePath Other, TrustFacts Trust, DateTimeOffset Now) : Reason
{
    public const string Name = "chain/expired-cross-path";

    public override string Id => Name;

    public override Blame Blame => IsTrusted ? Blame.Operator : Blame.Client;

    public override string Message =>
        $"the path over \"{Certificate.Subject}\" (at depth {Depth}, issued by \"{Certificate.Issuer}\") ended {Evidence.Text(Certificate.NotAfter)}, but the path over \"{Other.Last.Subject}\" is valid: libssl takes the first path only";

    public override IReadOnlyList<Advice> Advice =>
    [
        new(Blame.Operator, $"Remove the certificate that has ended (SHA-256 {Certificate.Sha256}) from", ChainText.BundleDirective(Trust)),
        new(Blame.Client, "Leave the old cross-certificate out of the file that the client sends; see what it has with", "openssl crl2pkcs7 -nocrl -certfile client-chain.pem | openssl pkcs7 -print_certs -noout"),
    ];

    public override void Describe(Evidence evidence) => evidence
        .Add("certificate", Certificate)
        .Add("depth", Depth)
        .Add("is_trusted", IsTrusted)
        .Add("not_after", Certificate.NotAfter)
        .Add("now", Now)
        .Add("valid_path", Other.Certificates.Select(certificate => certificate.Subject.ToString()));
}
