namespace Countersign.Refusals;

/// <summary>The lists that are there are for other certificates, other reasons, or have rules OpenSSL does not know.</summary>
public sealed record CrlScope(CertificateFacts Certificate, int Depth, CrlFacts? Crl, TrustFacts Trust, string Problem) : Reason
{
    public const string Name = "revocation/crl-scope";

    public override string Id => Name;

    public override Blame Blame => Blame.Operator;

    public override string Message =>
        $"the revocation list of \"{Certificate.Issuer}\" in {Trust.Crl} ({Trust.CrlAt}) is not for {ChainText.Of(Certificate, Depth)}: {Problem}{(Crl is null || Crl.Scope.Count == 0 ? "" : $" (its scope: {string.Join(", ", Crl.Scope)})")}";

    public override IReadOnlyList<Advice> Advice =>
    [
        new(Blame.Operator, $"Append the authority's complete list, without a narrower scope, to {Trust.Crl}", $"openssl crl -in new.crl -noout -text | grep -A3 'Issuing Distribution'; openssl crl -in new.crl >> {ShellWord.Of(Trust.Crl)}"),
    ];

    public override void Describe(Evidence evidence) => evidence
        .Add("certificate", Certificate)
        .Add("depth", Depth)
        .Add("crl_file", Trust.Crl)
        .Add("scope", Crl?.Scope ?? [])
        .Add("critical", Crl?.Critical ?? [])
        .Add("is_delta", Crl?.IsDelta == true)
        .Add("problem", Problem);
}
