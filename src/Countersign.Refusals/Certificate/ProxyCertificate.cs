namespace Countersign.Refusals;

/// <summary>A proxy certificate of RFC 3820, which neither nginx nor the gate lets in.</summary>
public sealed record ProxyCertificate(CertificateFacts Certificate, int Depth) : Reason
{
    public const string Name = "certificate/proxy-certificate";

    public override string Id => Name;

    public override Blame Blame => Blame.Client;

    public override string Message =>
        $"{ChainText.Of(Certificate, Depth)} is a proxy certificate (RFC 3820), and those are not let in";

    public override IReadOnlyList<Advice> Advice =>
    [
        new(Blame.Client, "Use the certificate it was derived from; see which that is with", "openssl x509 -in client.pem -noout -issuer"),
    ];

    public override void Describe(Evidence evidence) => evidence
        .Add("certificate", Certificate)
        .Add("depth", Depth);
}
