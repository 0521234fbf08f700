namespace Countersign.Refusals;

/// <summary>Whoever issued a certificate is no authority.</summary>
public sealed record IssuerNotACa(CertificateFacts Certificate, int Depth) : Reason
{
    public const string Name = "chain/issuer-not-a-ca";

    public override string Id => Name;

    public override Blame Blame => Blame.Authority;

    public override string Message =>
        $"\"{Certificate.Subject}\" at depth {Depth} issued the certificate below it, but is no authority: its basicConstraints {(Certificate.BasicConstraints is null ? "are missing" : "say CA:FALSE")}";

    public override IReadOnlyList<Advice> Advice =>
    [
        new(Blame.Authority, "Issue the authority's own certificate again with", "basicConstraints = critical, CA:TRUE"),
        new(Blame.Client, "Use a certificate that an authority issued; see who issued this one with", "openssl x509 -in client.pem -noout -issuer"),
    ];

    public override void Describe(Evidence evidence) => evidence
        .Add("certificate", Certificate)
        .Add("depth", Depth)
        .Add("has_basic_constraints", Certificate.BasicConstraints is not null)
        .Add("version", Certificate.Version);
}
