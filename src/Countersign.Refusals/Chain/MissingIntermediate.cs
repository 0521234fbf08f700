namespace Countersign.Refusals;

/// <summary>The bundle has the root, but a certificate between it and what the client sent is nowhere.</summary>
/// <param name="Certificate">The one whose issuer is missing.</param>
/// <param name="Found">The missing one, where another client sent it or another server's bundle has it; null when it is only concluded.</param>
/// <param name="Anchor">Whom it leads to.</param>
public sealed record MissingIntermediate(CertificateFacts Certificate, int Depth, TrustFacts Trust, CertificateFacts? Found, CertificateFacts Anchor, int Sent) : Reason
{
    public const string Name = "chain/missing-intermediate";

    public override string Id => Name;

    public override Blame Blame => Blame.Client;

    public override Confidence Confidence => Found is null ? Confidence.Likely : Confidence.Proved;

    public override string Message =>
        $"the client sent {(Sent == 1 ? "its certificate alone" : ChainText.Count(Sent, "certificate"))}, and the intermediate \"{Certificate.Issuer}\" that issued {ChainText.Of(Certificate, Depth)} is not in {ChainText.Bundle(Trust)}"
        + (Found is null
            ? $", though \"{Anchor.Subject}\" of the same organisation is"
            : $"; it was seen before (SHA-256 {Found.Sha256}) and leads to \"{Anchor.Subject}\", which is trusted");

    public override IReadOnlyList<Advice> Advice =>
    [
        new(Blame.Client, "Send the intermediate after the client's own certificate, in one file", "cat client.pem intermediate.pem > client-chain.pem"),
        new(
            Blame.Operator,
            Certificate.IssuerUrls is [var url, ..] && url.StartsWith("http", StringComparison.Ordinal)
                ? $"Or append the intermediate, which the certificate says is at {ChainText.Printable(url)}, to"
                : "Or append the intermediate to",
            ChainText.BundleDirective(Trust)),
    ];

    public override void Describe(Evidence evidence) => evidence
        .Add("certificate", Certificate)
        .Add("depth", Depth)
        .Add("sent", Sent)
        .Add("missing", Certificate.Issuer.ToString())
        .Add("missing_key_id", Certificate.AuthorityKeyId.Length == 0 ? null : Certificate.AuthorityKeyId)
        .Add("found", Found)
        .Add("anchor", Anchor.Subject.ToString())
        .Add("bundle", Trust.Bundle)
        .Add("issuer_urls", Certificate.IssuerUrls);
}
