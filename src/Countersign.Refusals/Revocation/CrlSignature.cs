namespace Countersign.Refusals;

/// <summary>A revocation list has the authority's name, and another key signed it.</summary>
public sealed record CrlSignature(CertificateFacts Certificate, int Depth, CrlFacts? Crl, CertificateFacts? Authority, TrustFacts Trust) : Reason
{
    public const string Name = "revocation/crl-signature";

    public override string Id => Name;

    public override Blame Blame => Blame.Operator;

    public override string Message =>
        $"the revocation list of \"{Certificate.Issuer}\" in {Trust.Crl} ({Trust.CrlAt}) is not signed by the key of that authority"
        + (IsSameKey
            ? $", though it says so (key id {Crl!.AuthorityKeyId}): the list was changed after it was signed, or is forged"
            : (Crl is null || Authority is null || Crl.AuthorityKeyId.Length == 0 ? "" : $" (key id {Authority.SubjectKeyId}; the list says {Crl.AuthorityKeyId})")
                + ": the authority was re-keyed, or the list is somebody else's");

    private bool IsSameKey => Crl is { AuthorityKeyId.Length: > 0 } && Crl.AuthorityKeyId == Authority?.SubjectKeyId;

    public override IReadOnlyList<Advice> Advice =>
    [
        new(Blame.Operator, $"Load the list that the authority's present key signs into {Trust.Crl}; check it first with", $"openssl crl -in {ShellWord.Of(Trust.Crl)} -CAfile {ShellWord.Of(Trust.Bundle)} -noout"),
    ];

    public override void Describe(Evidence evidence) => evidence
        .Add("certificate", Certificate)
        .Add("depth", Depth)
        .Add("crl_file", Trust.Crl)
        .Add("crl_key_id", Crl?.AuthorityKeyId)
        .Add("authority", Authority)
        .Add("authority_key_id", Authority?.SubjectKeyId);
}
