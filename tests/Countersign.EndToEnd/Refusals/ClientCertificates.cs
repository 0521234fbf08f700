using System.Security.Cryptography.X509Certificates;

namespace Countersign.EndToEnd.Refusals;

/// <summary>Something is wrong with the client's own certificate.</summary>
public sealed class ClientCertificates(ClientCertificates.Ground ground) : IClassFixture<ClientCertificates.Ground>
{
    private static readonly CertificateShape Good = CertificateShape.Client;

    public sealed class Ground : RefusalGround
    {
        /// <summary>An authority whose key nobody here can read, and that is trusted nevertheless.</summary>
        public Identity Unreadable { get; } = Identity.SelfSigned("CN=Unreadable Root");

        protected override Task<RefusalGate> Open() => RefusalGate.Open(
            RefusalGate.Guarded("bundle.pem", "ssl_verify_depth 5;")
                + RefusalGate.Guarded("unreadable.pem", name: "unreadable")
                + RefusalGate.Guarded("bundle.pem", "ssl_ciphers DEFAULT:@SECLEVEL=0;", "lenient"),
            ("bundle.pem", Root.Pem),
            ("unreadable.pem", WithUnknownKey(Unreadable)));

        // id-ecPublicKey becomes a number that nobody has given to anything.
        private static string WithUnknownKey(Identity root) => root.Alter(root, "\x2a\x86\x48\xce\x3d\x02\x01", "\x2a\x86\x48\xce\x3d\x02\x7f");
    }

    private RefusalGate Gate => ground.Gate;

    private static string Day(DateTime time) => time.ToUniversalTime().ToString("yyMMdd", System.Globalization.CultureInfo.InvariantCulture);

    [Fact]
    [Refuses("certificate/expired")]
    public async Task It_has_ended()
    {
        var client = ground.Root.Issue("CN=late", Shapes.Expired);
        var record = await Gate.Refused(client);
        record.ShouldBe("certificate/expired", "client", "proved",
            ("certificate_subject", "CN=late"), ("certificate_issuer", "CN=Root"), ("not_after", Shapes.Moment(client.Certificate.NotAfter)))
            .ShouldBeOnPage("certificate/expired").Errors.ShouldBe(["10@0"]);
        ((long)record.Evidence("seconds_late")!).ShouldBeInRange(2 * 86400 - 60, 2 * 86400 + 600);
    }

    [Fact]
    [Innocent("certificate/expired")]
    [Innocent("certificate/not-yet-valid")]
    public async Task It_has_begun_a_minute_ago_and_ends_soon() => await Gate.Accepted(ground.Root.Issue("CN=timely", Good with
    {
        NotBefore = DateTimeOffset.UtcNow.AddMinutes(-1),
        NotAfter = DateTimeOffset.UtcNow.AddMinutes(30),
    }));

    [Fact]
    [Refuses("certificate/not-yet-valid")]
    public async Task It_has_not_begun()
    {
        var client = ground.Root.Issue("CN=early", Good with { NotBefore = DateTimeOffset.UtcNow.AddDays(2) });
        (await Gate.Refused(client)).ShouldBe("certificate/not-yet-valid", "client", "proved",
            ("certificate_subject", "CN=early"), ("depth", 0), ("not_before", Shapes.Moment(client.Certificate.NotBefore)))
            .ShouldBeOnPage("certificate/not-yet-valid").Errors.ShouldBe(["9@0"]);
    }

    [Fact]
    [Refuses("certificate/bad-time")]
    public async Task Its_end_is_no_date() => (await Timeless(client => client.NotAfter, "notAfter")).ShouldBeOnPage("certificate/bad-time");

    [Fact]
    [Refuses("certificate/bad-time")]
    public Task Its_beginning_is_no_date() => Timeless(client => client.NotBefore, "notBefore");

    private async Task<RefusalRecord> Timeless(Func<X509Certificate2, DateTime> time, string field)
    {
        var client = ground.Root.Issue("CN=timeless");
        var day = Day(time(client.Certificate));
        var pem = ground.Root.Alter(client, day, day[..2] + "9999");
        var record = await Gate.Refused(Gate.As(pem, client.KeyPem));
        record.ShouldBe("certificate/bad-time", "authority", "proved", ("certificate_subject", "CN=timeless"), ("depth", 0), ("field", field));
        record.Message.ShouldContain($"\"{day[..2]}9999");
        return record;
    }

    [Fact]
    [Innocent("certificate/bad-time")]
    public async Task A_date_is_another_but_a_real_one()
    {
        var client = ground.Root.Issue("CN=altered");
        await Gate.Accepted(Gate.As(ground.Root.Alter(client, Day(client.Certificate.NotAfter), Day(client.Certificate.NotAfter.AddDays(1))), client.KeyPem));
    }

    [Fact]
    [Refuses("certificate/purpose")]
    public async Task It_is_a_server_s()
    {
        var record = await Gate.Refused(ground.Root.Issue("CN=server", Good with { ExtendedKeyUsage = [Oids.ServerAuth] }));
        record.ShouldBe("certificate/purpose", "client", "proved",
            ("required", "clientAuth (1.3.6.1.5.5.7.3.2)"), ("present", (string[])["serverAuth (1.3.6.1.5.5.7.3.1)"]),
            ("is_public_server_certificate", false), ("is_after_public_end", false)).ShouldBeOnPage("certificate/purpose").Errors.ShouldBe(["26@0"]);
        record.Message.ShouldNotContain("2026");
    }

    [Theory]
    [InlineData(2026, true)]
    [InlineData(2025, false)]
    [Refuses("certificate/purpose")]
    public async Task It_is_a_public_server_s_and_those_have_ended_clients_in_2026(int year, bool isAfter)
    {
        var client = ground.Root.Issue("CN=www.example", Good with
        {
            ExtendedKeyUsage = [Oids.ServerAuth],
            Extra = [Extensions.Policies("2.23.140.1.2.1")],
            NotBefore = new DateTimeOffset(year, 3, 1, 0, 0, 0, TimeSpan.Zero),
        });
        var record = await Gate.Refused(client);
        record.ShouldBe("certificate/purpose", "client", "proved",
            ("is_public_server_certificate", true), ("is_after_public_end", isAfter), ("policies", (string[])["2.23.140.1.2.1"]), ("not_before", $"{year}-03-01T00:00:00Z"));
        record.Message.Contains("have ended clientAuth in 2026", StringComparison.Ordinal).ShouldBe(isAfter);
    }

    [Fact]
    [Refuses("certificate/purpose")]
    public async Task Any_purpose_is_not_a_client_s() =>
        (await Gate.Refused(ground.Root.Issue("CN=any", Good with { ExtendedKeyUsage = [Oids.AnyUsage] })))
            .ShouldBe("certificate/purpose", "client", "proved", ("present", (string[])["anyExtendedKeyUsage (2.5.29.37.0)"]));

    [Fact]
    [Innocent("certificate/purpose")]
    public async Task It_is_a_server_s_and_a_client_s_or_does_not_say()
    {
        await Gate.Accepted(ground.Root.Issue("CN=both", Good with { ExtendedKeyUsage = [Oids.ServerAuth, Oids.ClientAuth] }));
        await Gate.Accepted(ground.Root.Issue("CN=neither", Good with { ExtendedKeyUsage = null }));
    }

    [Fact]
    [Refuses("certificate/key-usage")]
    public async Task Its_key_may_only_encipher() =>
        (await Gate.Refused(ground.Root.Issue("CN=encipher", Good with { KeyUsage = X509KeyUsageFlags.KeyEncipherment })))
            .ShouldBe("certificate/key-usage", "client", "proved",
                ("required", (string[])["digitalSignature", "keyAgreement"]), ("present", (string[])["keyEncipherment"]))
            .ShouldBeOnPage("certificate/key-usage").Errors.ShouldBe(["26@0"]);

    [Fact]
    [Innocent("certificate/key-usage")]
    public async Task Its_key_may_agree() => await Gate.Accepted(ground.Root.Issue("CN=agree", Good with { KeyUsage = X509KeyUsageFlags.KeyAgreement }));

    [Fact]
    [Refuses("certificate/critical-extension")]
    public async Task It_has_a_critical_extension_that_nobody_knows() =>
        (await Gate.Refused(ground.Root.Issue("CN=critical", Good with { Extra = [new X509Extension("1.2.3.4.5", [5, 0], critical: true)] })))
            .ShouldBe("certificate/critical-extension", "authority", "proved",
                ("certificate_subject", "CN=critical"), ("depth", 0), ("unknown", (string[])["1.2.3.4.5"]))
            .ShouldBeOnPage("certificate/critical-extension").Errors.ShouldBe(["34@0"]);

    [Fact]
    [Refuses("certificate/critical-extension")]
    public async Task Its_issuer_has_one()
    {
        var issuing = ground.Root.Issue("CN=Critical CA", CertificateShape.Authority with { Extra = [new X509Extension("1.2.3.4.5", [5, 0], critical: true)] });
        (await Gate.Refused(issuing.Issue("CN=under critical"), issuing)).ShouldBe("certificate/critical-extension", "authority", "proved", ("depth", 1));
    }

    [Fact]
    [Innocent("certificate/critical-extension")]
    public async Task It_has_the_same_extension_not_critical() =>
        await Gate.Accepted(ground.Root.Issue("CN=uncritical", Good with { Extra = [new X509Extension("1.2.3.4.5", [5, 0], critical: false)] }));

    [Fact]
    [Refuses("certificate/proxy-certificate")]
    public async Task It_is_a_proxy_certificate()
    {
        var user = ground.Root.Issue("CN=user");
        (await Gate.Refused(user.Issue("CN=proxy,CN=user", Good with { Extra = [Extensions.Proxy()], BasicConstraintsAuthority = null }), user))
            .ShouldBe("certificate/proxy-certificate", "client", "proved", ("depth", 0))
            .ShouldBeOnPage("certificate/proxy-certificate").Errors.ShouldContain("40@0");
    }

    [Fact]
    [Innocent("certificate/proxy-certificate")]
    public async Task A_client_issued_it_without_saying_that_it_is_a_proxy()
    {
        var user = ground.Root.Issue("CN=user without");
        (await Gate.Refused(user.Issue("CN=not a proxy,CN=user without", Good with { BasicConstraintsAuthority = null }), user)).Id.ShouldBe("chain/issuer-not-a-ca");
    }

    [Fact]
    [Refuses("certificate/key-too-weak")]
    public async Task Its_key_is_short() =>
        (await Gate.Refused(ground.Root.Issue("CN=weak", Good with { Key = KeyKind.Rsa1024 })))
            .ShouldBe("certificate/key-too-weak", "client", "proved", ("certificate_subject", "CN=weak"), ("key", "RSA 1024 bits"), ("bits", 1024))
            .ShouldBeOnPage("certificate/key-too-weak").Errors.ShouldBe(["66@0"]);

    [Fact]
    [Innocent("certificate/key-too-weak")]
    public async Task Its_key_is_long_enough_or_the_level_lowered()
    {
        await Gate.Accepted(ground.Root.Issue("CN=strong", Good with { Key = KeyKind.Rsa2048 }));
        await Gate.Accepted(Gate.As(ground.Root.Issue("CN=lenient", Good with { Key = KeyKind.Rsa1024 })) with { ServerName = "lenient" });
    }

    [Fact]
    [Refuses("certificate/unsupported-algorithm")]
    public async Task Its_issuer_has_a_curve_without_a_name()
    {
        var issuing = ground.Root.Issue("CN=Explicit CA", CertificateShape.Authority with { Key = KeyKind.ExplicitP256 });
        (await Gate.Refused(issuing.Issue("CN=under explicit"), issuing)).ShouldBe("certificate/unsupported-algorithm", "client", "proved",
            ("certificate_subject", "CN=Explicit CA"), ("depth", 1), ("key", "EC with a curve given by its parameters"))
            .ShouldBeOnPage("certificate/unsupported-algorithm").Errors.ShouldContain("94@1");
    }

    [Fact]
    [Refuses("certificate/unsupported-algorithm")]
    public async Task Its_issuer_has_a_key_of_a_kind_that_nobody_knows() =>
        (await Gate.Refused(Gate.As(ground.Unreadable.Issue("CN=under unreadable")) with { ServerName = "unreadable" }))
            .ShouldBe("certificate/unsupported-algorithm", "client", "proved",
                ("certificate_subject", "CN=Unreadable Root"), ("depth", 1), ("key", "1.2.840.10045.2.127"));

    [Fact]
    [Innocent("certificate/unsupported-algorithm")]
    public async Task Its_issuer_has_a_curve_that_is_rare_but_known()
    {
        var issuing = ground.Root.Issue("CN=Brainpool CA", CertificateShape.Authority with { Key = KeyKind.BrainpoolP256 });
        await Gate.Accepted(issuing.Issue("CN=under brainpool"), issuing);
    }
}
