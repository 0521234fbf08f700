namespace Countersign.Refusals;

/// <summary>More authorities stand below one than its path length allows.</summary>
public sealed record PathLength(CertificateFacts Certificate, int Depth, int Below) : Reason
{
    public const string Name = "chain/path-length";

    public override string Id => Name;

    public override Blame Blame => Blame.Authority;

    public override string Message =>
        $"the authority \"{Certificate.Subject}\" at depth {Depth} allows {ChainText.Count(Certificate.BasicConstraints?.PathLength ?? 0, "authority", "authorities")} below itself (pathlen), and the client's path has {Below}";

    public override IReadOnlyList<Advice> Advice =>
    [
        new(Blame.Authority, "Issue from an authority that stands higher, or issue that one again with a larger limit", $"basicConstraints = critical, CA:TRUE, pathlen:{Below}"),
    ];

    public override void Describe(Evidence evidence) => evidence
        .Add("certificate", Certificate)
        .Add("depth", Depth)
        .Add("allowed", Certificate.BasicConstraints?.PathLength ?? 0)
        .Add("present", Below);
}
