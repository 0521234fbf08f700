namespace Countersign.Refusals;

/// <summary>The key of the client's certificate is shorter than OpenSSL's security level allows.</summary>
public sealed record KeyTooWeak(CertificateFacts Certificate) : Reason
{
    public const string Name = "certificate/key-too-weak";

    public override string Id => Name;

    public override Blame Blame => Blame.Client;

    public override string Message =>
        $"the key of the client's certificate \"{Certificate.Subject}\" is {ObjectNames.Key(Certificate)}, weaker than OpenSSL's security level of this gate allows (level 2: RSA 2048, elliptic curves 224 bits)";

    public override IReadOnlyList<Advice> Advice =>
    [
        new(Blame.Client, "Ask for a certificate with a new key, made with", "openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout client.key -out client.csr -subj /CN=client"),
        new(Blame.Operator, "To go on for a time with the old key, at the price of every client's security, lower the level in this server with", "ssl_ciphers HIGH:!aNULL:!MD5:@SECLEVEL=1;"),
    ];

    public override void Describe(Evidence evidence) => evidence
        .Add("certificate", Certificate)
        .Add("key", ObjectNames.Key(Certificate))
        .Add("bits", Certificate.KeyBits);
}
