namespace Countersign.Refusals;

/// <summary>The certificate asks for the very key that its issuer has, and that key did not sign it: it was changed after it was signed, or forged.</summary>
/// <param name="Issuer">Whose name and key id it has.</param>
/// <param name="IsTrusted">The issuer is in the bundle; otherwise the client sent it.</param>
public sealed record AlteredCertificate(CertificateFacts Certificate, int Depth, CertificateFacts Issuer, bool IsTrusted, TrustFacts Trust) : Reason
{
    public const string Name = "chain/altered-certificate";

    public override string Id => Name;

    public override Blame Blame => Blame.Client;

    public override string Message =>
        $"the signature of {ChainText.Of(Certificate, Depth)} is not one of \"{Issuer.Subject}\", {(IsTrusted ? $"which is in {ChainText.Bundle(Trust)}" : "which the client sent")} and has the key id {Issuer.SubjectKeyId} that the certificate asks for: the certificate was changed after it was signed, or forged";

    public override IReadOnlyList<Advice> Advice =>
    [
        new(Blame.Client, "Get the certificate again from where it was issued; see whether a copy is whole with", "openssl verify -partial_chain -trusted issuer.pem client.pem"),
        new(Blame.Authority, $"If it was issued so, issue it again with the key of \"{Issuer.Subject}\""),
    ];

    public override void Describe(Evidence evidence) => evidence
        .Add("certificate", Certificate)
        .Add("depth", Depth)
        .Add("authority_key_id", Certificate.AuthorityKeyId)
        .Add("signature_algorithm", ObjectNames.Of(Certificate.SignatureAlgorithm))
        .Add("issuer", Issuer)
        .Add("issuer_key_id", Issuer.SubjectKeyId)
        .Add("issuer_is_trusted", IsTrusted);
}
