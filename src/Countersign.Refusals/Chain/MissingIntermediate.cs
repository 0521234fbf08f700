namespace Countersign.Refusals;

/// <summary>The bundle has the root, but a certificate between it and what the client sent is nowhere.</summary>
/// <param name="Certificate">The one whose issuer is missing.</param>
/// <param name="Found">The missing ones from there upwards, where somebody else has them; empty when it is only concluded.</param>
/// <param name="Holder">The server of the same configuration whose bundle has the first of them; null where a client sent it.</param>
/// <param name="Anchor">Whom they lead to.</param>
public sealed record MissingIntermediate(
    CertificateFacts Certificate, int Depth, TrustFacts Trust, IReadOnlyList<CertificateFacts> Found, TrustFacts? Holder, CertificateFacts Anchor, int Sent) : Reason
{
    public const string Name = "chain/missing-intermediate";

    public override string Id => Name;

    public override Blame Blame => Blame.Client;

    public override Confidence Confidence => Found.Count == 0 ? Confidence.Likely : Confidence.Proved;

    public override IReadOnlyList<CertificateFacts> FoundElsewhere => Found;

    /// <summary>ssl_verify_depth that lets the whole chain in; 0 when it is not known.</summary>
    public int DepthNeeded { get; init; }

    public override string Message =>
        $"the client sent {(Sent == 1 ? "its certificate alone" : ChainText.Count(Sent, "certificate"))}, and the intermediate \"{Certificate.Issuer}\" that issued {ChainText.Of(Certificate, Depth)} is not in {ChainText.Bundle(Trust)}"
        + (Found.Count == 0 ? $", though \"{Anchor.Subject}\" of the same organisation is"
            : Holder is { } holder ? $"; {ChainText.Bundle(holder)} of server \"{holder.Server}\" has it (SHA-256 {Found[0].Sha256}), and it leads to \"{Anchor.Subject}\", which is trusted"
            : $"; it was sent here before (SHA-256 {Found[0].Sha256}), and it leads to \"{Anchor.Subject}\", which is trusted")
        + (DepthNeeded > Trust.Depth ? $"; with it the chain is {DepthNeeded} deep, and ssl_verify_depth is {Trust.Depth} ({Trust.DepthAt})" : "");

    public override IReadOnlyList<Advice> Advice =>
    [
        new(Blame.Client, "Send the intermediate after the client's own certificate, in one file", "cat client.pem intermediate.pem > client-chain.pem"),
        new(
            Blame.Operator,
            Certificate.IssuerUrls is [var url, ..] && url.StartsWith("http", StringComparison.Ordinal)
                ? $"Or append the intermediate, which the certificate says is at {ChainText.Printable(url)}, to"
                : "Or append the intermediate to",
            ChainText.BundleDirective(Trust)),
        .. DepthNeeded > Trust.Depth ? (Advice[])[new(Blame.Operator, $"Set besides, at {Trust.DepthAt}", $"ssl_verify_depth {DepthNeeded};")] : [],
    ];

    public override void Describe(Evidence evidence) => evidence
        .Add("certificate", Certificate)
        .Add("depth", Depth)
        .Add("sent", Sent)
        .Add("missing", Certificate.Issuer.ToString())
        .Add("missing_key_id", Certificate.AuthorityKeyId.Length == 0 ? null : Certificate.AuthorityKeyId)
        .Add("found", Found.Count == 0 ? null : Found[0])
        .Add("found_in", Found.Count == 0 ? null : Holder is { } holder ? $"{holder.Bundle} of server {holder.Server}" : "a chain that was sent here before")
        .Add("anchor", Anchor.Subject.ToString())
        .Add("bundle", Trust.Bundle)
        .Add("issuer_urls", Certificate.IssuerUrls);
}
