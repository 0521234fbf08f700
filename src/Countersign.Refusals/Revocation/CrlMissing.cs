namespace Countersign.Refusals;

/// <summary>ssl_crl is set, and for one of the authorities of the path there is no list in it.</summary>
public sealed record CrlMissing(CertificateFacts Certificate, int Depth, IReadOnlyList<CrlCoverage> Coverage, TrustFacts Trust) : Reason
{
    public const string Name = "revocation/crl-missing";

    public override string Id => Name;

    public override Blame Blame => Blame.Operator;

    public override string Message =>
        $"{Trust.Crl} ({Trust.CrlAt}) has no list of \"{Certificate.Issuer}\", which issued {ChainText.Of(Certificate, Depth)}; with ssl_crl every authority of the path needs one, and these have: {RevocationText.Covered(Coverage)}";

    public override IReadOnlyList<Advice> Advice =>
    [
        new(Blame.Operator, $"Append the current list of \"{Certificate.Issuer}\"{(Certificate.CrlUrls is [var url, ..] ? $", which the certificate says is at {ChainText.Printable(url)}," : "")} to {Trust.Crl}", $"openssl crl -in new.crl >> {ShellWord.Of(Trust.Crl)} && {Trust.ReloadCommand}"),
    ];

    public override void Describe(Evidence evidence) => evidence
        .Add("certificate", Certificate)
        .Add("depth", Depth)
        .Add("missing", Certificate.Issuer.ToString())
        .Add("coverage", Coverage.Select(one => one.ToString()))
        .Add("crl_file", Trust.Crl)
        .Add("crl_urls", Certificate.CrlUrls);
}
