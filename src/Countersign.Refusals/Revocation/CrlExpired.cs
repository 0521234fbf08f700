namespace Countersign.Refusals;

/// <summary>A revocation list has lapsed, so nobody of its authority is let in.</summary>
public sealed record CrlExpired(CertificateFacts Certificate, int Depth, CrlFacts? Crl, RevokedEntry? Entry, IReadOnlyList<CrlCoverage> Coverage, TrustFacts Trust, DateTimeOffset Now) : Reason
{
    public const string Name = "revocation/crl-expired";

    public override string Id => Name;

    public override Blame Blame => Blame.Operator;

    public override string Message =>
        $"the revocation list of \"{Certificate.Issuer}\" in {Trust.Crl} ({Trust.CrlAt}) lapsed"
        + (Crl?.NextUpdate is { } end ? $" {Evidence.Text(end)}, {Span.Of(Now - end)} ago" : "")
        + $": every client of that authority is refused; {(Depth == 0 ? "this one" : $"\"{Certificate.Subject}\"")} is {(Entry is null ? "not on it" : "on it, too")}";

    public override IReadOnlyList<Advice> Advice =>
    [
        new(Blame.Operator, $"Load a current list{(Certificate.CrlUrls is [var url, ..] ? $", which the certificate says is at {ChainText.Printable(url)}," : "")} into {Trust.Crl}, and reload", Trust.ReloadCommand),
        new(Blame.Authority, "Issue the list again before its nextUpdate", "openssl ca -gencrl -crldays 7 -out crl.pem"),
    ];

    public override void Describe(Evidence evidence) => evidence
        .Add("certificate", Certificate)
        .Add("depth", Depth)
        .Add("crl_file", Trust.Crl)
        .Add("crl_issuer", Certificate.Issuer.ToString())
        .Add("crl_number", Crl?.Number)
        .Add("this_update", Crl?.ThisUpdate)
        .Add("next_update", Crl?.NextUpdate)
        .Add("now", Now)
        .Add("is_revoked", Entry is not null)
        .Add("coverage", Coverage.Select(one => one.ToString()))
        .Add("crl_urls", Certificate.CrlUrls);
}
