namespace Countersign.Refusals;

/// <summary>The issuer's name is known, but its key did not sign: the authority was re-keyed, or somebody else uses its name.</summary>
/// <param name="Namesake">Who has that name.</param>
/// <param name="IsTrusted">The namesake is in the bundle; otherwise the client sent it.</param>
/// <param name="Sent">The self-signed certificate of the same name that the client sent, when it did.</param>
/// <param name="Owner">A server of the same configuration that trusts the right key: the client belongs there. Null without.</param>
public sealed record SameNameOtherKey(
    CertificateFacts Certificate, int Depth, CertificateFacts Namesake, bool IsTrusted, CertificateFacts? Sent, TrustFacts? Owner, TrustFacts Trust) : Reason
{
    public const string Name = "chain/same-name-other-key";

    public override string Id => Name;

    /// <summary>The certificate with the right key is there, too, but OpenSSL takes the first of the name.</summary>
    public bool IsRightOneThere { get; init; }

    // A new key of the authority is the operator's to load; a forged name is the client's. Which one, only key ids of a known authority can tell.
    public override Blame Blame => IsRightOneThere || (Owner is null && IsNewer) ? Blame.Operator : Blame.Client;

    /// <summary>The client's certificate is younger than the namesake: the authority may have a new key since.</summary>
    public bool IsNewer => Certificate.NotBefore > Namesake.NotBefore;

    public override string Message =>
        $"{ChainText.Of(Certificate, Depth)} names \"{Certificate.Issuer}\" as its issuer, but the certificate of that name {(IsTrusted ? $"in {ChainText.Bundle(Trust)}" : "which the client sent")} has another key"
        + Keys
        + $"; that one began {Evidence.Text(Namesake.NotBefore)}, the client's {Evidence.Text(Certificate.NotBefore)}"
        + (IsRightOneThere ? "; the right one is there as well, but without a key id in the certificate OpenSSL takes the first of the name" : "")
        + (Owner is null ? "" : $"; server \"{Owner.Server}\" trusts the right one: the client belongs there");

    public override IReadOnlyList<Advice> Advice =>
    [
        .. ChainText.BelongsTo(Owner),
        IsRightOneThere
            ? new(Blame.Operator, $"Take the certificate with SHA-256 {Namesake.Sha256} out, or have clients issued with an authority key identifier; it stands in", ChainText.BundleDirective(Trust))
            : new(Blame.Operator, $"If \"{Namesake.Subject}\" has a new key, append its new certificate to the old one in", ChainText.BundleDirective(Trust)),
        new(Blame.Client, "Compare the key the client's certificate asks for with that of its authority", "openssl x509 -in client.pem -noout -ext authorityKeyIdentifier; openssl x509 -in ca.pem -noout -ext subjectKeyIdentifier"),
    ];

    private string Keys => Certificate.AuthorityKeyId.Length == 0 || Namesake.SubjectKeyId.Length == 0
        ? ""
        : Certificate.AuthorityKeyId == Namesake.SubjectKeyId
            ? $" under the same key id {Namesake.SubjectKeyId}, and its signature does not fit"
            : $" (key id {Namesake.SubjectKeyId}; the certificate asks for {Certificate.AuthorityKeyId})";

    public override void Describe(Evidence evidence) => evidence
        .Add("certificate", Certificate)
        .Add("depth", Depth)
        .Add("authority_key_id", Certificate.AuthorityKeyId)
        .Add("certificate_not_before", Certificate.NotBefore)
        .Add("namesake", Namesake)
        .Add("namesake_key_id", Namesake.SubjectKeyId)
        .Add("namesake_not_before", Namesake.NotBefore)
        .Add("namesake_not_after", Namesake.NotAfter)
        .Add("namesake_is_trusted", IsTrusted)
        .Add("sent_root", Sent)
        .Add("is_right_one_there", IsRightOneThere)
        .Add("belongs_to", Owner?.Server);
}
