namespace Countersign.Refusals;

/// <summary>The bundle has an intermediate but not the root above it, and libssl trusts roots only.</summary>
/// <param name="Certificate">The last of the path: it is in the bundle.</param>
public sealed record RootAbsent(CertificateFacts Certificate, int Depth, TrustFacts Trust) : Reason
{
    public const string Name = "chain/root-absent";

    public override string Id => Name;

    public override Blame Blame => Blame.Operator;

    public override string Message =>
        $"{ChainText.Bundle(Trust)} has \"{Certificate.Subject}\" but not its issuer \"{Certificate.Issuer}\": a client is only let in when the path reaches a self-signed certificate of the bundle";

    public override IReadOnlyList<Advice> Advice =>
    [
        new(Blame.Operator, $"Append \"{Certificate.Issuer}\", and where that is no root every authority above it, to {ChainText.Bundle(Trust)}, which stays as", ChainText.BundleDirective(Trust)),
        new(Blame.Operator, "See what the bundle lacks with", $"countersign bundle {ShellWord.Of(Trust.Bundle)}"),
    ];

    public override void Describe(Evidence evidence) => evidence
        .Add("last", Certificate)
        .Add("depth", Depth)
        .Add("root", Certificate.Issuer.ToString())
        .Add("root_key_id", Certificate.AuthorityKeyId.Length == 0 ? null : Certificate.AuthorityKeyId)
        .Add("bundle", Trust.Bundle)
        .Add("issuer_urls", Certificate.IssuerUrls);
}
