using Countersign.EndToEnd.Refusals;

namespace Countersign.EndToEnd.Explain;

/// <summary>One gate with a server for each kind of trust, and the authorities it trusts.</summary>
public sealed class ExplainedGround : RefusalGround
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;

    public Identity Ended { get; } = Identity.SelfSigned("CN=Ended", CertificateShape.Authority with { NotBefore = Now.AddDays(-90), NotAfter = Now.AddDays(-2) });
    public Identity Rekeyed { get; } = Identity.SelfSigned("CN=Rekeyed");
    public Identity Narrow { get; } = Identity.SelfSigned("CN=Narrow", CertificateShape.Authority with { PathLength = 0 });
    public Identity Servers { get; } = Identity.SelfSigned("CN=Servers", CertificateShape.Authority with { ExtendedKeyUsage = [Oids.ServerAuth] });
    public Identity Other { get; } = Identity.SelfSigned("CN=Other Root");
    public Identity Rootless { get; }
    public Identity Revoked { get; }

    public ExplainedGround()
    {
        Rootless = Identity.SelfSigned("CN=Nowhere").Issue("CN=Rootless", CertificateShape.Authority);
        Revoked = Root.Issue("CN=revoked");
    }

    protected override Task<RefusalGate> Open() => RefusalGate.Open(
        RefusalGate.Guarded(more: "ssl_verify_depth 1;")
        + RefusalGate.Guarded("root.pem", "ssl_crl pki/crl.pem;", "listed.test")
        + RefusalGate.Guarded("root.pem", "ssl_crl pki/lapsed.pem;", "lapsed.test")
        + RefusalGate.Guarded("other.pem", "", "other.test")
        + RefusalGate.Guarded("root.pem", "", "optional.test", "optional_no_ca"),
        ("bundle.pem", RefusalGate.Pem([Root, Ended, Rekeyed, Narrow, Servers, Rootless])),
        ("root.pem", Root.Pem),
        ("other.pem", Other.Pem),
        ("crl.pem", Root.Crl([Revoked])),
        ("lapsed.pem", Root.Crl(thisUpdate: Now.AddDays(-30), nextUpdate: Now.AddDays(-3))));
}
