namespace Countersign.Refusals;

/// <summary>A name of a certificate is outside what an authority above it may issue for.</summary>
public sealed record NameConstraint(CertificateFacts Certificate, int Depth, CertificateFacts? Authority, bool IsExcluded, string Problem) : Reason
{
    public const string Name = "chain/name-constraint";

    public override string Id => Name;

    public override Blame Blame => Blame.Authority;

    public override string Message =>
        $"a name of {ChainText.Of(Certificate, Depth)} is {(IsExcluded ? "among those excluded" : "not among those permitted")} by {(Authority is null ? "an authority above it" : $"\"{Authority.Subject}\": {string.Join(", ", (IsExcluded ? Authority.NameConstraints?.Excluded : Authority.NameConstraints?.Permitted)?.Take(8) ?? [])}")}; its names are {string.Join(", ", Names.Take(8))}";

    public override IReadOnlyList<Advice> Advice =>
    [
        new(Blame.Authority, "Issue the client with a name that the authority may give, or issue the authority again with other", "nameConstraints = permitted;DNS:example.com"),
        new(Blame.Client, "See the names of the certificate with", "openssl x509 -in client.pem -noout -subject -ext subjectAltName"),
    ];

    public IReadOnlyList<string> Names =>
    [
        Certificate.Subject.ToString(),
        .. Certificate.AlternativeNames.Dns.Select(name => "DNS:" + name),
        .. Certificate.AlternativeNames.Email.Select(name => "email:" + name),
        .. Certificate.AlternativeNames.Ip.Select(name => "IP:" + name),
        .. Certificate.AlternativeNames.Uri.Select(name => "URI:" + name),
    ];

    public override void Describe(Evidence evidence) => evidence
        .Add("certificate", Certificate)
        .Add("depth", Depth)
        .Add("problem", Problem)
        .Add("constrained_by", Authority)
        .Add("permitted", Authority?.NameConstraints?.Permitted ?? [])
        .Add("excluded", Authority?.NameConstraints?.Excluded ?? [])
        .Add("names", Names);
}
