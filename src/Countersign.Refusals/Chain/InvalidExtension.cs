namespace Countersign.Refusals;

/// <summary>An extension of a certificate contradicts itself or the rules.</summary>
public sealed record InvalidExtension(CertificateFacts Certificate, int Depth, string Problem) : Reason
{
    public const string Name = "chain/invalid-extension";

    public override string Id => Name;

    public override Blame Blame => Blame.Authority;

    public override string Message =>
        $"an extension of {ChainText.Of(Certificate, Depth)} is against the rules: {Problem}{(Certificate.Unreadable.Count == 0 ? "" : $" ({ObjectNames.Of(Certificate.Unreadable)})")}";

    public override IReadOnlyList<Advice> Advice =>
    [
        new(Blame.Authority, "Issue it again; see its extensions with", "openssl x509 -in client.pem -noout -text"),
    ];

    public override void Describe(Evidence evidence) => evidence
        .Add("certificate", Certificate)
        .Add("depth", Depth)
        .Add("problem", Problem)
        .Add("unreadable", Certificate.Unreadable);
}
