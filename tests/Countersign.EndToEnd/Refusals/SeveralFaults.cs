using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Countersign.EndToEnd.Refusals;

/// <summary>Several things are wrong at once: the root cause comes first and the others are listed, whatever error nginx's line ends with.</summary>
public sealed class SeveralFaults(SeveralFaults.Ground ground) : IClassFixture<SeveralFaults.Ground>
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;

    public sealed class Ground : RefusalGround
    {
        public Identity Issuing { get; }
        public Identity Both { get; }

        public Ground()
        {
            Issuing = Root.Issue("CN=Issuing", CertificateShape.Authority);
            Both = Issuing.Issue("CN=expired and revoked", Shapes.Expired);
        }

        protected override Task<RefusalGate> Open() => RefusalGate.Open(
            RefusalGate.Guarded("bundle.pem", "ssl_verify_depth 1;")
                + RefusalGate.Guarded("bundle.pem", "ssl_verify_depth 1;\nssl_crl pki/list.crl;", "listed")
                + RefusalGate.Guarded("bundle.pem", "ssl_verify_depth 1;\nssl_crl pki/lapsed.crl;", "lapsed"),
            ("bundle.pem", Issuing.Pem + Root.Pem),
            ("list.crl", Root.Crl() + Issuing.Crl([Both])),
            ("lapsed.crl", Root.Crl(null, Now.AddDays(-9), Now.AddDays(-2)) + Issuing.Crl([Both], Now.AddDays(-9), Now.AddDays(-2))));
    }

    private RefusalGate Gate => ground.Gate;

    [Fact]
    public async Task Expired_and_revoked()
    {
        var record = await Gate.Refused(Gate.As(ground.Both) with { ServerName = "listed" });
        record.ShouldList("revocation/revoked", "certificate/expired");
        record.Errors.ShouldBe(["23@0", "10@0"]);
        record.Nginx.ShouldContain("(10:certificate has expired)");
    }

    [Fact]
    public async Task The_list_has_lapsed_and_the_client_is_on_it_and_expired()
    {
        var record = await Gate.Refused(Gate.As(ground.Both) with { ServerName = "lapsed" });
        record.ShouldList("revocation/crl-expired", "revocation/revoked", "certificate/expired");
        record.List("coverage").ShouldAllBe(line => line.Contains("a list that lapsed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_wrong_purpose_of_an_unknown_issuer()
    {
        using var nobody = Identity.SelfSigned("CN=Nobody");
        var record = await Gate.Refused(nobody.Issue("CN=server", CertificateShape.Client with { ExtendedKeyUsage = [Oids.ServerAuth] }));
        record.ShouldList("chain/unknown-issuer", "certificate/purpose");
    }

    [Fact]
    public async Task A_weak_key_of_an_unknown_issuer()
    {
        using var nobody = Identity.SelfSigned("CN=Nobody");
        var record = await Gate.Refused(nobody.Issue("CN=weak", CertificateShape.Client with { Key = KeyKind.Rsa1024 }));
        record.ShouldList("chain/unknown-issuer", "certificate/key-too-weak");
    }

    [Fact]
    public async Task Too_deep_and_expired()
    {
        var below = ground.Issuing.Issue("CN=Below", CertificateShape.Authority);
        var record = await Gate.Refused(below.Issue("CN=deep and late", Shapes.Expired), below);
        record.ShouldList("chain/too-deep", "certificate/expired");
    }

    [Fact]
    public async Task Unknown_and_expired_on_a_server_with_a_list_that_cannot_have_it()
    {
        using var nobody = Identity.SelfSigned("CN=Nobody");
        var record = await Gate.Refused(Gate.As(nobody.Issue("CN=late stranger", Shapes.Expired)) with { ServerName = "listed" });
        record.Id.ShouldBe("chain/unknown-issuer");
        record.Others.ShouldBe(["certificate/expired"], "a list of an authority that is not trusted is not missing");
    }

    [Fact]
    public async Task Everything_at_once()
    {
        var weak = Identity.SelfSigned("CN=Weak Root", CertificateShape.Authority with { Key = KeyKind.Rsa1024 });
        var client = weak.Issue("CN=wrong in every way", Shapes.Expired with
        {
            Key = KeyKind.Rsa1024,
            Hash = HashAlgorithmName.SHA1,
            ExtendedKeyUsage = [Oids.ServerAuth],
            Extra = [new X509Extension("1.2.3.4.5", [5, 0], critical: true)],
        });
        var record = await Gate.Refused(client, weak);
        record.Id.ShouldBe("chain/untrusted-root-sent", record.Json.ToString());
        record.Others.ShouldBe(
            ["certificate/critical-extension", "certificate/purpose", "certificate/key-too-weak", "chain/ca-key-too-weak", "chain/digest-too-weak", "certificate/expired"],
            ignoreOrder: true);
    }
}
