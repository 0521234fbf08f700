using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Countersign.EndToEnd.Refusals;

/// <summary>Something is wrong with an authority between the client and the root.</summary>
public sealed class ChainAuthorities(ChainAuthorities.Ground ground) : IClassFixture<ChainAuthorities.Ground>
{
    private const string Depth = "ssl_verify_depth 5;";

    private static readonly CertificateShape Authority = CertificateShape.Authority;

    public sealed class Ground : RefusalGround
    {
        /// <summary>RSA, for only that signs with SHA-1.</summary>
        public Identity RsaRoot { get; } = Identity.SelfSigned("CN=RSA Root", CertificateShape.Authority with { Key = KeyKind.Rsa2048 });
        public Identity LateRoot { get; } = Identity.SelfSigned("CN=Late Root", Shapes.ExpiredAuthority);
        public Identity Crossed { get; }
        public Identity CrossedByLate { get; }
        public Identity Odd { get; } = Identity.SelfSigned("CN=Odd Root");

        public Ground()
        {
            Crossed = Root.Issue("CN=Crossed", CertificateShape.Authority);
            CrossedByLate = LateRoot.Issue("CN=Crossed", CertificateShape.Authority, Crossed.Key);
        }

        protected override async Task<RefusalGate> Open()
        {
            using var odd = Identity.SelfSigned("CN=Nobody");
            var oddRoot = Identity.SelfSigned("CN=Odd Root", CertificateShape.Authority with
            {
                Extra = [X509AuthorityKeyIdentifierExtension.CreateFromSubjectKeyIdentifier(new X509SubjectKeyIdentifierExtension(odd.Certificate.PublicKey, false))],
            }, Odd.Key);
            return await RefusalGate.Open(
                RefusalGate.Guarded("bundle.pem", Depth)
                    + RefusalGate.Guarded("crossed.pem", Depth, "crossed")
                    + RefusalGate.Guarded("late.pem", Depth, "late")
                    + RefusalGate.Guarded("odd.pem", Depth, "odd")
                    + RefusalGate.Guarded("rejected.pem", Depth, "rejected")
                    + RefusalGate.Guarded("elsewhere.pem", Depth, "elsewhere")
                    + RefusalGate.Guarded("accepted.pem", Depth, "accepted")
                    + RefusalGate.Guarded("bundle.pem", Depth + "ssl_ciphers DEFAULT:@SECLEVEL=0;", "lenient"),
                ("bundle.pem", Root.Pem + RsaRoot.Pem),
                ("crossed.pem", Root.Pem + CrossedByLate.Pem + LateRoot.Pem),
                ("late.pem", CrossedByLate.Pem + LateRoot.Pem),
                ("odd.pem", oddRoot.Pem),
                ("rejected.pem", await Shapes.Trusted(Root, "-addreject", "clientAuth")),
                ("elsewhere.pem", await Shapes.Trusted(Root, "-addtrust", "emailProtection")),
                ("accepted.pem", await Shapes.Trusted(Root, "-addtrust", "clientAuth")));
        }
    }

    private RefusalGate Gate => ground.Gate;

    private Task<RefusalRecord> Under(Identity authority) => Gate.Refused(authority.Issue("CN=client"), authority);

    [Fact]
    [Refuses("chain/ca-expired")]
    public async Task An_intermediate_has_ended()
    {
        var issuing = ground.Root.Issue("CN=Late Issuing", Shapes.ExpiredAuthority);
        (await Under(issuing)).ShouldBe("chain/ca-expired", "client", "proved",
            ("certificate_subject", "CN=Late Issuing"), ("depth", 1), ("is_trusted", false), ("not_after", Shapes.Moment(issuing.Certificate.NotAfter)))
            .ShouldBeOnPage("chain/ca-expired")
            .Errors.ShouldBe(["10@1"]);
    }

    [Fact]
    [Refuses("chain/ca-expired")]
    public async Task A_root_of_the_bundle_has_ended()
    {
        var record = await Gate.Refused(Gate.As(ground.CrossedByLate.Issue("CN=client of the late")) with { ServerName = "late" });
        record.ShouldBe("chain/ca-expired", "operator", "proved", ("certificate_subject", "CN=Late Root"), ("depth", 2), ("is_trusted", true));
        record.Message.ShouldContain(Gate.At("ssl_client_certificate pki/late.pem;"));
    }

    [Fact]
    [Innocent("chain/ca-expired")]
    public async Task The_client_itself_has_ended_and_its_authority_has_not()
    {
        var issuing = ground.Root.Issue("CN=Timely Issuing", Authority);
        (await Gate.Refused(issuing.Issue("CN=late client", Shapes.Expired), issuing)).Id.ShouldBe("certificate/expired");
    }

    [Fact]
    [Refuses("chain/expired-cross-path")]
    public async Task The_bundle_has_an_old_cross_certificate_and_the_client_sends_a_new_one()
    {
        var record = await Gate.Refused(Gate.As(ground.Crossed.Issue("CN=crossed client"), ground.Crossed) with { ServerName = "crossed" });
        record.ShouldBe("chain/expired-cross-path", "operator", "proved",
            ("certificate_subject", "CN=Late Root"), ("depth", 2), ("is_trusted", true), ("not_after", Shapes.Moment(ground.LateRoot.Certificate.NotAfter)),
            ("valid_path", (string[])["CN=crossed client", "CN=Crossed", "CN=Root"])).ShouldBeOnPage("chain/expired-cross-path").Errors.ShouldBe(["10@2"]);
    }

    [Fact]
    [Innocent("chain/expired-cross-path")]
    public async Task Without_the_old_one_the_same_client_is_let_in()
    {
        var client = ground.Crossed.Issue("CN=crossed client too");
        await Gate.Accepted(client, ground.Crossed);
        // And without the new one nothing is left but the end of the old.
        (await Gate.Refused(Gate.As(client) with { ServerName = "crossed" })).Id.ShouldBe("chain/ca-expired");
    }

    [Fact]
    [Refuses("chain/issuer-not-a-ca")]
    public async Task The_issuer_is_a_client()
    {
        var notOne = ground.Root.Issue("CN=Not A CA", Authority with { BasicConstraintsAuthority = false });
        (await Under(notOne)).ShouldBe("chain/issuer-not-a-ca", "authority", "proved",
            ("certificate_subject", "CN=Not A CA"), ("depth", 1), ("has_basic_constraints", true), ("version", 3))
            .ShouldBeOnPage("chain/issuer-not-a-ca").Errors.ShouldBe(["79@1", "26@1"]);
    }

    [Fact]
    [Refuses("chain/issuer-not-a-ca")]
    public async Task The_issuer_is_of_version_1()
    {
        var old = ground.Root.IssueVersion1("CN=Version 1 CA");
        (await Under(old)).ShouldBe("chain/issuer-not-a-ca", "authority", "proved", ("has_basic_constraints", false), ("version", 1));
    }

    [Fact]
    [Refuses("chain/ca-cannot-sign-certificates")]
    public async Task The_issuer_may_only_sign_lists()
    {
        var silent = ground.Root.Issue("CN=No Certsign", Authority with { KeyUsage = X509KeyUsageFlags.CrlSign });
        (await Under(silent)).ShouldBe("chain/ca-cannot-sign-certificates", "authority", "proved",
            ("certificate_subject", "CN=No Certsign"), ("depth", 1), ("required", "keyCertSign"), ("present", (string[])["cRLSign"]))
            .ShouldBeOnPage("chain/ca-cannot-sign-certificates").Errors.ShouldBe(["79@1", "26@1", "32@1"]);
    }

    [Fact]
    [Innocent("chain/issuer-not-a-ca")]
    [Innocent("chain/ca-cannot-sign-certificates")]
    public async Task The_issuer_says_nothing_of_its_key()
    {
        var plain = ground.Root.Issue("CN=No Usage", Authority with { KeyUsage = null });
        await Gate.Accepted(plain.Issue("CN=under no usage"), plain);
    }

    [Fact]
    [Refuses("chain/path-length")]
    public async Task One_authority_more_stands_below_than_is_allowed()
    {
        var narrow = ground.Root.Issue("CN=Narrow", Authority with { PathLength = 0 });
        var below = narrow.Issue("CN=Below Narrow", Authority);
        (await Gate.Refused(below.Issue("CN=too far down"), below, narrow)).ShouldBe("chain/path-length", "authority", "proved",
            ("certificate_subject", "CN=Narrow"), ("depth", 2), ("allowed", 0), ("present", 1)).ShouldBeOnPage("chain/path-length").Errors.ShouldBe(["25@2"]);
    }

    [Fact]
    [Innocent("chain/path-length")]
    public async Task As_many_authorities_stand_below_as_are_allowed()
    {
        var wide = ground.Root.Issue("CN=Wide", Authority with { PathLength = 1 });
        var below = wide.Issue("CN=Below Wide", Authority);
        await Gate.Accepted(below.Issue("CN=just far enough"), below, wide);
    }

    [Fact]
    [Refuses("chain/name-constraint")]
    public async Task A_name_is_not_among_those_permitted()
    {
        var narrow = ground.Root.Issue("CN=Permitted", Authority with { Extra = [Extensions.NameConstraints(["a.example"], [])] });
        var record = await Gate.Refused(narrow.Issue("CN=outside", CertificateShape.Client with { DnsNames = ["in.a.example", "host.b.example"] }), narrow);
        record.ShouldBe("chain/name-constraint", "authority", "proved",
            ("depth", 0), ("problem", "permitted violation"), ("offending_name", "DNS:host.b.example"), ("constrained_by_subject", "CN=Permitted"),
            ("permitted", (string[])["DNS:a.example"])).ShouldBeOnPage("chain/name-constraint").Errors.ShouldBe(["47@0"]);
        record.List("names").ShouldBe(["CN=outside", "DNS:in.a.example", "DNS:host.b.example"]);
    }

    [Fact]
    [Refuses("chain/name-constraint")]
    public async Task A_name_is_among_those_excluded()
    {
        var narrow = ground.Root.Issue("CN=Excluded", Authority with { Extra = [Extensions.NameConstraints([], ["b.example"])] });
        (await Gate.Refused(narrow.Issue("CN=inside", CertificateShape.Client with { DnsNames = ["host.b.example"] }), narrow))
            .ShouldBe("chain/name-constraint", "authority", "proved",
                ("problem", "excluded violation"), ("offending_name", "DNS:host.b.example"), ("excluded", (string[])["DNS:b.example"])).Errors.ShouldBe(["48@0"]);
    }

    [Fact]
    [Innocent("chain/name-constraint")]
    public async Task The_only_name_is_permitted()
    {
        var narrow = ground.Root.Issue("CN=Permitted Too", Authority with { Extra = [Extensions.NameConstraints(["a.example"], ["b.example"])] });
        await Gate.Accepted(narrow.Issue("CN=within", CertificateShape.Client with { DnsNames = ["host.a.example"] }), narrow);
    }

    [Fact]
    [Refuses("chain/distrusted")]
    public async Task The_bundle_marks_the_root_as_rejected_for_clients()
    {
        var record = await Gate.Refused(Gate.As(ground.Root.Issue("CN=rejected")) with { ServerName = "rejected" });
        record.ShouldBe("chain/distrusted", "operator", "proved", ("certificate_subject", "CN=Root"), ("depth", 1), ("is_rejected", true))
            .ShouldBeOnPage("chain/distrusted");
        record.Errors.ShouldContain("28@1");
        record.Others.ShouldBeEmpty();
        record.Message.ShouldContain(Gate.At("ssl_client_certificate pki/rejected.pem;"));
    }

    [Fact]
    [Refuses("chain/distrusted")]
    public async Task The_bundle_marks_the_root_as_trusted_for_something_else() =>
        (await Gate.Refused(Gate.As(ground.Root.Issue("CN=mail only")) with { ServerName = "elsewhere" }))
            .ShouldBe("chain/distrusted", "operator", "proved", ("certificate_subject", "CN=Root"), ("is_rejected", true));

    [Fact]
    [Innocent("chain/distrusted")]
    public async Task The_bundle_marks_the_root_as_trusted_for_clients() =>
        await Gate.Accepted(Gate.As(ground.Root.Issue("CN=marked")) with { ServerName = "accepted" });

    [Fact]
    [Refuses("chain/invalid-extension")]
    public async Task A_root_names_another_key_as_its_issuer_s()
    {
        var record = await Gate.Refused(Gate.As(ground.Odd.Issue("CN=odd client")) with { ServerName = "odd" });
        record.ShouldBe("chain/invalid-extension", "authority", "proved", ("certificate_subject", "CN=Odd Root"), ("depth", 1))
            .ShouldBeOnPage("chain/invalid-extension");
        record.Message.ShouldContain(Shapes.KeyId(ground.Odd));
    }

    [Fact]
    [Innocent("chain/invalid-extension")]
    public async Task A_root_names_its_own_key_as_its_issuer_s()
    {
        var even = Identity.SelfSigned("CN=Even Root");
        var root = Identity.SelfSigned("CN=Even Root", Authority with
        {
            Extra = [X509AuthorityKeyIdentifierExtension.CreateFromSubjectKeyIdentifier(new X509SubjectKeyIdentifierExtension(even.Certificate.PublicKey, false))],
        }, even.Key);
        (await Gate.Refused(even.Issue("CN=even client"), root)).Id.ShouldBe("chain/untrusted-root-sent");
    }

    [Fact]
    [Refuses("chain/ca-purpose")]
    public async Task The_issuer_may_only_issue_servers()
    {
        var servers = ground.Root.Issue("CN=Server CA", Authority with { ExtendedKeyUsage = [Oids.ServerAuth] });
        (await Under(servers)).ShouldBe("chain/ca-purpose", "authority", "proved",
            ("certificate_subject", "CN=Server CA"), ("depth", 1), ("required", "clientAuth (1.3.6.1.5.5.7.3.2)"), ("present", (string[])["serverAuth (1.3.6.1.5.5.7.3.1)"]))
            .ShouldBeOnPage("chain/ca-purpose")
            .Errors.ShouldBe(["26@1"]);
    }

    [Fact]
    [Innocent("chain/ca-purpose")]
    public async Task The_issuer_may_issue_servers_and_clients()
    {
        var both = ground.Root.Issue("CN=Both CA", Authority with { ExtendedKeyUsage = [Oids.ServerAuth, Oids.ClientAuth] });
        await Gate.Accepted(both.Issue("CN=of both"), both);
    }

    [Fact]
    [Refuses("chain/ca-key-too-weak")]
    public async Task The_issuer_has_a_short_key()
    {
        var weak = ground.Root.Issue("CN=Weak CA", Authority with { Key = KeyKind.Rsa1024 });
        (await Under(weak)).ShouldBe("chain/ca-key-too-weak", "authority", "proved",
            ("certificate_subject", "CN=Weak CA"), ("depth", 1), ("key", "RSA 1024 bits"), ("bits", 1024))
            .ShouldBeOnPage("chain/ca-key-too-weak").Errors.ShouldBe(["67@1"]);
    }

    [Fact]
    [Innocent("chain/ca-key-too-weak")]
    public async Task The_level_is_lowered_or_the_key_is_long_enough()
    {
        var weak = ground.Root.Issue("CN=Weak CA Too", Authority with { Key = KeyKind.Rsa1024 });
        await Gate.Accepted(Gate.As(weak.Issue("CN=lenient"), weak) with { ServerName = "lenient" });
        var strong = ground.Root.Issue("CN=Strong CA", Authority with { Key = KeyKind.Rsa2048 });
        await Gate.Accepted(strong.Issue("CN=strong"), strong);
    }

    [Fact]
    [Refuses("chain/digest-too-weak")]
    public async Task The_certificate_is_signed_over_SHA_1()
    {
        var client = ground.RsaRoot.Issue("CN=sha1", CertificateShape.Client with { Hash = HashAlgorithmName.SHA1 });
        (await Gate.Refused(client)).ShouldBe("chain/digest-too-weak", "authority", "proved",
            ("certificate_subject", "CN=sha1"), ("depth", 0), ("signature", "SHA-1 with RSA (1.2.840.113549.1.1.5)"))
            .ShouldBeOnPage("chain/digest-too-weak").Errors.ShouldBe(["68@0"]);
    }

    [Fact]
    [Refuses("chain/digest-too-weak")]
    public async Task The_issuer_is_signed_over_SHA_1()
    {
        var issuing = ground.RsaRoot.Issue("CN=SHA-1 CA", Authority with { Hash = HashAlgorithmName.SHA1 });
        (await Under(issuing)).ShouldBe("chain/digest-too-weak", "authority", "proved", ("certificate_subject", "CN=SHA-1 CA"), ("depth", 1));
    }

    [Fact]
    [Innocent("chain/digest-too-weak")]
    public async Task The_certificate_is_signed_over_SHA_256() => await Gate.Accepted(ground.RsaRoot.Issue("CN=sha256"));
}
