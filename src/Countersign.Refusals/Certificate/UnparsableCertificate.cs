namespace Countersign.Refusals;

/// <summary>What the client sent as a certificate is none that could be read.</summary>
public sealed record UnparsableCertificate(int Length) : Reason
{
    public const string Name = "certificate/unparsable";

    public override string Id => Name;

    public override Blame Blame => Blame.Client;

    public override string Message =>
        $"the {Length} bytes that the client sent as its certificate could not be read as one";

    public override IReadOnlyList<Advice> Advice =>
    [
        new(Blame.Client, "See what OpenSSL says of the file", "openssl x509 -in client.pem -noout -text"),
    ];

    public override void Describe(Evidence evidence) => evidence
        .Add("bytes", Length);
}
