namespace Countersign.Refusals;

/// <summary>The path to a trusted root exists and is longer than ssl_verify_depth allows.</summary>
public sealed record TooDeep(CertificatePath Path, TrustFacts Trust) : Reason
{
    public const string Name = "chain/too-deep";

    public override string Id => Name;

    public override Blame Blame => Blame.Operator;

    /// <summary>The smallest ssl_verify_depth that lets the client in.</summary>
    public int Needed => Path.Intermediates;

    public override string Message =>
        $"the client's certificate has {ChainText.Count(Path.Intermediates, "intermediate")} between itself and the root \"{Path.Last.Subject}\", and ssl_verify_depth is {Trust.Depth} ({Trust.DepthAt})";

    public override IReadOnlyList<Advice> Advice => [new(Blame.Operator, $"Set at {Trust.DepthAt}", $"ssl_verify_depth {Needed};")];

    public override void Describe(Evidence evidence) => evidence
        .Add("depth_allowed", Trust.Depth)
        .Add("depth_needed", Needed)
        .Add("path", Path.Certificates.Select(certificate => certificate.Subject.ToString()));
}
