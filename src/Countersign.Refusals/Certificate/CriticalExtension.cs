namespace Countersign.Refusals;

/// <summary>A certificate has a critical extension that OpenSSL does not know, so it must not be used.</summary>
public sealed record CriticalExtension(CertificateFacts Certificate, int Depth) : Reason
{
    public const string Name = "certificate/critical-extension";

    public override string Id => Name;

    public override Blame Blame => Blame.Authority;

    public override string Message =>
        $"{ChainText.Of(Certificate, Depth)} has a critical extension that OpenSSL does not know: {ObjectNames.Of(Unknown)}";

    public override IReadOnlyList<Advice> Advice =>
    [
        new(Blame.Authority, "Issue it with the extension not critical, or without; see it with", "openssl x509 -in client.pem -noout -text | grep -A1 critical"),
    ];

    public IReadOnlyList<string> Unknown => [.. Certificate.Critical.Where(type => !ObjectNames.IsHandled(type))];

    public override void Describe(Evidence evidence) => evidence
        .Add("certificate", Certificate)
        .Add("depth", Depth)
        .Add("unknown", Unknown)
        .Add("critical", Certificate.Critical);
}
