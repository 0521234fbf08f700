namespace Countersign.Refusals;

/// <summary>The certificate policies of the path do not go together, or one that is asked for is missing.</summary>
public sealed record PolicyProblem(CertificateFacts Certificate, int Depth, string Problem) : Reason
{
    public const string Name = "chain/policy";

    public override string Id => Name;

    public override Blame Blame => Blame.Authority;

    public override string Message =>
        $"the certificate policies of the path do not fit at {ChainText.Of(Certificate, Depth)}: {Problem}";

    public override IReadOnlyList<Advice> Advice =>
    [
        new(Blame.Authority, "Compare the policies of every certificate of the path", "openssl x509 -in client.pem -noout -ext certificatePolicies,policyConstraints"),
    ];

    public override void Describe(Evidence evidence) => evidence
        .Add("certificate", Certificate)
        .Add("depth", Depth)
        .Add("policies", Certificate.Policies)
        .Add("problem", Problem);
}
