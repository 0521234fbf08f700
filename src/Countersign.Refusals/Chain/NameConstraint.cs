namespace Countersign.Refusals;

/// <summary>A name of a certificate is outside what an authority above it may issue for.</summary>
/// <param name="Authority">Whose certificate has the constraint; null where it was not found.</param>
/// <param name="Offender">The name, as <c>DNS:host.example</c>; null where it was not found.</param>
public sealed record NameConstraint(CertificateFacts Certificate, int Depth, CertificateFacts? Authority, bool IsExcluded, string Problem, string? Offender) : Reason
{
    public const string Name = "chain/name-constraint";

    public override string Id => Name;

    public override Blame Blame => Blame.Authority;

    public override string Message => IsCompared
        ? $"{(Offender is null ? "a name" : $"the name {ChainText.Printable(Offender)}")} of {ChainText.Of(Certificate, Depth)} is {(IsExcluded ? "among those excluded" : "not among those permitted")} by {Constraint}"
            + (Offender is null ? $"; its names are {List(Names)}" : "")
        : $"the names of {ChainText.Of(Certificate, Depth)} could not be compared with those of {Constraint}: {Problem}";

    public override IReadOnlyList<Advice> Advice =>
    [
        new(Blame.Authority, "Issue the client with a name that the authority may give, or issue the authority again with other", "nameConstraints = permitted;DNS:example.com"),
        new(Blame.Client, "See the names of the certificate with", "openssl x509 -in client.pem -noout -subject -ext subjectAltName"),
    ];

    /// <summary>False where libssl cannot read the constraint or the name, and so refuses.</summary>
    public bool IsCompared => Problem is "permitted violation" or "excluded violation";

    public IReadOnlyList<string> Names =>
    [
        Certificate.Subject.ToString(),
        .. Certificate.AlternativeNames.Dns.Select(name => "DNS:" + name),
        .. Certificate.AlternativeNames.Email.Select(name => "email:" + name),
        .. Certificate.AlternativeNames.Ip.Select(name => "IP:" + name),
        .. Certificate.AlternativeNames.Uri.Select(name => "URI:" + name),
    ];

    private string Constraint => Authority is null
        ? "an authority above it"
        : $"\"{Authority.Subject}\" ({List(IsExcluded ? Authority.NameConstraints?.Excluded : Authority.NameConstraints?.Permitted)})";

    private static string List(IReadOnlyList<string>? names) => string.Join(", ", names?.Take(8).Select(ChainText.Printable) ?? []);

    public override void Describe(Evidence evidence) => evidence
        .Add("certificate", Certificate)
        .Add("depth", Depth)
        .Add("problem", Problem)
        .Add("offending_name", Offender)
        .Add("constrained_by", Authority)
        .Add("permitted", Authority?.NameConstraints?.Permitted ?? [])
        .Add("excluded", Authority?.NameConstraints?.Excluded ?? [])
        .Add("names", Names);
}
