namespace Countersign.Refusals;

/// <summary>Nobody of the issuer's name is in the bundle or was sent.</summary>
/// <param name="Certificate">The one whose issuer is missing; the leaf, or the last of what was sent.</param>
/// <param name="Owner">A server of the same configuration whose bundle has the issuer: the client belongs there. Null without.</param>
public sealed record UnknownIssuer(CertificateFacts Certificate, int Depth, TrustFacts Trust, TrustFacts? Owner) : Reason
{
    public const string Name = "chain/unknown-issuer";

    public override string Id => Name;

    public override Blame Blame => Blame.Client;

    // An intermediate of one of the bundle's own roots may be what is missing.
    public override Confidence Confidence => Owner is null ? Confidence.Likely : Confidence.Proved;

    public override string Message =>
        $"{ChainText.Of(Certificate, Depth)} was issued by \"{Certificate.Issuer}\", which is neither in {ChainText.Bundle(Trust)}, which has {ChainText.Count(Trust.Certificates.Count, "certificate")}, nor among what the client sent"
        + (Owner is null ? "" : $"; server \"{Owner.Server}\" trusts it: the client belongs there");

    public override IReadOnlyList<Advice> Advice => Owner is null
        ?
        [
            new(Blame.Client, "Use a certificate of an authority that this server accepts; it names them to", $"openssl s_client {Phrase.Connect(Phrase.Paste(Trust.Server), Trust.Port)} </dev/null | sed -n '/Acceptable client/,/Requested/p'"),
            new(Blame.Operator, $"If the client should be let in, append its issuer \"{Certificate.Issuer}\" and every authority above it, up to the root, to", ChainText.BundleDirective(Trust)),
        ]
        :
        [
            new(Blame.Client, $"Connect to \"{Owner.Server}\" by its name", $"curl --cert client.pem --key client.key {Phrase.Url(Phrase.Paste(Owner.Server), Owner.Port)}"),
            new(Blame.Operator, $"If it should be let in here too, append what {ChainText.Bundle(Owner)} has of it to", ChainText.BundleDirective(Trust)),
        ];

    public override void Describe(Evidence evidence) => evidence
        .Add("certificate", Certificate)
        .Add("depth", Depth)
        .Add("authority_key_id", Certificate.AuthorityKeyId.Length == 0 ? null : Certificate.AuthorityKeyId)
        .Add("bundle", Trust.Bundle)
        .Add("trusted", Trust.Certificates.Select(trusted => trusted.Certificate.Subject.ToString()))
        .Add("belongs_to", Owner?.Server)
        .Add("issuer_urls", Certificate.IssuerUrls);
}
