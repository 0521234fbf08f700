namespace Countersign.Refusals;

/// <summary>An authority between the client and the root, or the root itself, has ended.</summary>
public sealed record CaExpired(CertificateFacts Certificate, int Depth, bool IsTrusted, DateTimeOffset Now, TrustFacts Trust) : Reason
{
    public const string Name = "chain/ca-expired";

    public override string Id => Name;

    public override Blame Blame => IsTrusted ? Blame.Operator : Blame.Client;

    public override string Message =>
        $"the authority \"{Certificate.Subject}\" at depth {Depth}, which {(IsTrusted ? $"is in {ChainText.Bundle(Trust)}" : "the client sent")}, ended {Evidence.Text(Certificate.NotAfter)}, {Span.Of(Now - Certificate.NotAfter)} ago: nobody below it is let in";

    public override IReadOnlyList<Advice> Advice =>
    [
        new(Blame.Operator, $"Get the renewed certificate of \"{Certificate.Subject}\" and put it in place of the old one in", ChainText.BundleDirective(Trust)),
        new(Blame.Client, "If the authority has a new certificate, send it after the client's own", "cat client.pem intermediate.pem > client-chain.pem"),
    ];

    public override void Describe(Evidence evidence) => evidence
        .Add("certificate", Certificate)
        .Add("depth", Depth)
        .Add("is_trusted", IsTrusted)
        .Add("not_after", Certificate.NotAfter)
        .Add("now", Now);
}
