namespace Countersign.Refusals;

/// <summary>The key of an authority is shorter than OpenSSL's security level allows.</summary>
public sealed record CaKeyTooWeak(CertificateFacts Certificate, int Depth) : Reason
{
    public const string Name = "chain/ca-key-too-weak";

    public override string Id => Name;

    public override Blame Blame => Blame.Authority;

    public override string Message =>
        $"the key of the authority \"{Certificate.Subject}\" at depth {Depth} is {ObjectNames.Key(Certificate)}, weaker than OpenSSL's security level of this gate allows (level 2: RSA 2048, elliptic curves 224 bits)";

    public override IReadOnlyList<Advice> Advice =>
    [
        new(Blame.Authority, "Issue from an authority with a stronger key, made with", "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out ca.key"),
        new(Blame.Operator, "To go on for a time, at the price of every client's security, lower the level in this server with", "ssl_ciphers HIGH:!aNULL:!MD5:@SECLEVEL=1;"),
    ];

    public override void Describe(Evidence evidence) => evidence
        .Add("certificate", Certificate)
        .Add("depth", Depth)
        .Add("key", ObjectNames.Key(Certificate))
        .Add("bits", Certificate.KeyBits);
}
