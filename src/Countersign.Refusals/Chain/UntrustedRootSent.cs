namespace Countersign.Refusals;

/// <summary>The client sent its whole path, up to a root that the bundle does not have.</summary>
/// <param name="Owner">A server of the same configuration whose bundle has that root. Null without.</param>
public sealed record UntrustedRootSent(CertificateFacts Leaf, CertificateFacts Root, int Depth, TrustFacts Trust, TrustFacts? Owner) : Reason
{
    public const string Name = "chain/untrusted-root-sent";

    public override string Id => Name;

    public override Blame Blame => Blame.Client;

    public override string Message =>
        $"the client's certificate \"{Leaf.Subject}\" leads to the root \"{Root.Subject}\", which the client sent and {ChainText.Bundle(Trust)} does not have"
        + (Owner is null ? "" : $"; server \"{Owner.Server}\" trusts it: the client belongs there");

    public override IReadOnlyList<Advice> Advice =>
    [
        Owner is null
            ? new(Blame.Client, "Use a certificate of an authority that this server accepts; it names them to", $"openssl s_client {Phrase.Connect(Phrase.Paste(Trust.Server), Trust.Port)} </dev/null | sed -n '/Acceptable client/,/Requested/p'")
            : new(Blame.Client, $"Connect to \"{Owner.Server}\" by its name", $"curl --cert client.pem --key client.key {Phrase.Url(Phrase.Paste(Owner.Server), Owner.Port)}"),
        new(Blame.Operator, $"If that root should be trusted (SHA-256 {Root.Sha256}), append it to", ChainText.BundleDirective(Trust)),
    ];

    public override void Describe(Evidence evidence) => evidence
        .Add("certificate", Leaf)
        .Add("root", Root)
        .Add("root_depth", Depth)
        .Add("belongs_to", Owner?.Server)
        .Add("bundle", Trust.Bundle);
}
