namespace Countersign.Refusals;

/// <summary>The issuer's key is known and did sign, but its certificate has another name than the one that is asked for.</summary>
/// <param name="Signer">Whose key it is.</param>
/// <param name="IsTrusted">The signer is in the bundle; otherwise the client sent it.</param>
public sealed record SameKeyOtherName(CertificateFacts Certificate, int Depth, CertificateFacts Signer, bool IsTrusted, TrustFacts Trust) : Reason
{
    public const string Name = "chain/same-key-other-name";

    public override string Id => Name;

    public override Blame Blame => Blame.Authority;

    public override string Message =>
        $"{ChainText.Of(Certificate, Depth)} names \"{Certificate.Issuer}\" as its issuer, but the key that signed it (key id {Signer.SubjectKeyId}) is that of \"{Signer.Subject}\", {(IsTrusted ? $"which is in {ChainText.Bundle(Trust)}" : "which the client sent")}: names are compared part by part in their order, and these differ";

    public override IReadOnlyList<Advice> Advice =>
    [
        new(Blame.Authority, "Issue the certificate again with exactly the subject of its authority as the issuer; compare both with", "openssl x509 -in client.pem -noout -issuer -nameopt RFC2253; openssl x509 -in ca.pem -noout -subject -nameopt RFC2253"),
        new(Blame.Operator, $"If the authority also has a certificate with the name \"{Certificate.Issuer}\" for the same key, append that one to", ChainText.BundleDirective(Trust)),
    ];

    public override void Describe(Evidence evidence) => evidence
        .Add("certificate", Certificate)
        .Add("depth", Depth)
        .Add("authority_key_id", Certificate.AuthorityKeyId)
        .Add("issuer_named", Certificate.Issuer.ToString())
        .Add("signer", Signer)
        .Add("signer_key_id", Signer.SubjectKeyId)
        .Add("signer_is_trusted", IsTrusted);
}
