namespace Countersign.EndToEnd.Refusals;

/// <summary>Paths that do not reach a root of the bundle.</summary>
public sealed class ChainPaths(ChainPaths.Ground ground) : IClassFixture<ChainPaths.Ground>
{
    private const string Depth = "ssl_verify_depth 5;";

    public sealed class Ground : RefusalGround
    {
        /// <summary>Of the server api-b.</summary>
        public Identity Other { get; } = Identity.SelfSigned("CN=Other Root,O=Elsewhere");

        /// <summary>The server "partial" trusts it, but not the root above.</summary>
        public Identity Partial { get; }

        /// <summary>The server "twice" trusts two authorities of one name; this is the first of them.</summary>
        public Identity Twin { get; } = Identity.SelfSigned("CN=Twin", CertificateShape.Authority with { SubjectKeyIdentifier = false });
        public Identity SecondTwin { get; } = Identity.SelfSigned("CN=Twin", CertificateShape.Authority with { SubjectKeyIdentifier = false, NotBefore = DateTimeOffset.UtcNow.AddHours(-1) });

        public Ground() => Partial = Root.Issue("CN=Partial", CertificateShape.Authority);

        protected override Task<RefusalGate> Open() => RefusalGate.Open(
            RefusalGate.Guarded("bundle.pem", Depth)
                + RefusalGate.Guarded("other.pem", Depth, "api-b")
                + RefusalGate.Guarded("partial.pem", Depth, "partial")
                + RefusalGate.Guarded("partial-whole.pem", Depth, "partial-whole")
                + RefusalGate.Guarded("twins.pem", Depth, "twice"),
            ("bundle.pem", Root.Pem),
            ("other.pem", Other.Pem),
            ("partial.pem", Partial.Pem),
            ("partial-whole.pem", Partial.Pem + Root.Pem),
            ("twins.pem", Twin.Pem + SecondTwin.Pem));
    }

    private RefusalGate Gate => ground.Gate;

    private string Bundle(string name) => Path.Combine(Gate.Server.Prefix, "conf/pki", name);

    [Fact]
    [Refuses("chain/unknown-issuer")]
    public async Task Nobody_knows_who_issued_it()
    {
        using var nobody = Identity.SelfSigned("CN=Nobody");
        var client = nobody.Issue("CN=nobody's");
        var record = await Gate.Refused(client);
        record.ShouldBe("chain/unknown-issuer", "client", "likely",
            ("certificate_subject", "CN=nobody's"), ("certificate_issuer", "CN=Nobody"), ("certificate_serial", client.Certificate.SerialNumber), ("depth", 0),
            ("bundle", Bundle("bundle.pem")), ("trusted", (string[])["CN=Root"]), ("belongs_to", null), ("authority_key_id", KeyId(nobody)))
            .ShouldBeOnPage("chain/unknown-issuer");
        record.Errors.ShouldBe(["20@0", "21@0"]);
        record.Nginx.ShouldBe("client SSL certificate verify error: (21:unable to verify the first certificate)");
        record.Message.ShouldContain(Gate.At("ssl_client_certificate pki/bundle.pem;"));
    }

    [Fact]
    [Innocent("chain/unknown-issuer")]
    public async Task The_root_issued_it() => await Gate.Accepted(ground.Root.Issue("CN=the root's"));

    [Fact]
    [Refuses("chain/unknown-issuer")]
    public async Task A_client_of_another_server_is_told_where_it_belongs()
    {
        var client = ground.Other.Issue("CN=b's client");
        var record = await Gate.Refused(client);
        record.ShouldBe("chain/unknown-issuer", "client", "proved", ("belongs_to", "api-b"), ("certificate_issuer", client.Certificate.Issuer.Replace(", ", ",")));
        record.Message.ShouldContain("server \"api-b\" trusts it: the client belongs there");
        record.Pastes[0].ShouldBe($"curl --cert client.pem --key client.key https://api-b:{Gate.Server.EndPoint("tls").Port}/");
        await Gate.Accepted(Gate.As(client) with { ServerName = "api-b" });
    }

    [Fact]
    [Refuses("chain/unknown-issuer")]
    public async Task Without_a_server_name_it_is_told_which_server_its_host_would_have_been()
    {
        var client = Gate.As(ground.Other.Issue("CN=nameless")) with { ServerName = null };
        var record = await Gate.Refused(client, "api-b");
        record.ShouldBe("chain/unknown-issuer", "client", "proved", ("belongs_to", "api-b"), ("bundle", Bundle("bundle.pem")));
        record.Text("host").ShouldBe("api-b");
        record.Text("sni").ShouldBeNull();
    }

    [Fact]
    [Refuses("chain/missing-intermediate")]
    public async Task An_intermediate_that_another_client_sent_is_missing_and_named()
    {
        var issuing = ground.Root.Issue("CN=Seen", CertificateShape.Authority);
        var alone = Gate.As(issuing.Issue("CN=alone"));
        (await Gate.Refused(alone)).Id.ShouldBe("chain/unknown-issuer", "nobody has sent it yet");
        await Gate.Accepted(issuing.Issue("CN=complete"), issuing);

        var record = await Gate.Refused(alone);
        record.ShouldBe("chain/missing-intermediate", "client", "proved",
            ("sent", 1), ("depth", 0), ("missing", "CN=Seen"), ("missing_key_id", KeyId(issuing)), ("found_subject", "CN=Seen"),
            ("found_sha256", Sha256(issuing)), ("anchor", "CN=Root"), ("bundle", Bundle("bundle.pem"))).ShouldBeOnPage("chain/missing-intermediate");
        record.Message.ShouldContain($"it was sent here before (SHA-256 {Sha256(issuing)})");
    }

    [Fact]
    [Refuses("chain/missing-intermediate")]
    public async Task An_intermediate_that_an_expired_client_sent_is_known_too()
    {
        var issuing = ground.Root.Issue("CN=Seen of a refused one", CertificateShape.Authority);
        (await Gate.Refused(issuing.Issue("CN=late", Shapes.Expired), issuing)).Id.ShouldBe("certificate/expired");
        (await Gate.Refused(issuing.Issue("CN=alone too"))).ShouldBe("chain/missing-intermediate", "client", "proved", ("found_sha256", Sha256(issuing)));
    }

    [Fact]
    [Refuses("chain/missing-intermediate")]
    public async Task An_intermediate_of_another_server_s_bundle_is_named()
    {
        // Also where a client has sent it, too.
        await Gate.Accepted(ground.Partial.Issue("CN=with partial"), ground.Partial);
        var record = await Gate.Refused(ground.Partial.Issue("CN=without partial"));
        record.ShouldBe("chain/missing-intermediate", "client", "proved", ("found_subject", "CN=Partial"), ("found_sha256", Sha256(ground.Partial)));
        record.Evidence("found_in").ShouldBeOfType<string>().ShouldContain(" of server ");
        record.Message.ShouldNotContain("sent here before");
    }

    [Fact]
    [Refuses("chain/missing-intermediate")]
    public async Task Where_the_missing_ones_make_the_chain_too_deep_that_is_said_as_well()
    {
        List<Identity> path = [ground.Root];
        for (var level = 1; level <= 6; level++)
        {
            path.Add(path[^1].Issue($"CN=Deep {level}", CertificateShape.Authority));
        }
        var leaf = path[^1].Issue("CN=deep down");
        Identity[] chain = [.. path.Skip(1).Reverse()];
        // Too deep itself, but what it sent is known from then on.
        (await Gate.Refused(leaf, chain)).Id.ShouldBe("chain/too-deep");
        var record = await Gate.Refused(path[^1].Issue("CN=deeper still"));
        record.ShouldBe("chain/missing-intermediate", "client", "proved", ("found_subject", "CN=Deep 6"));
        record.Pastes.ShouldContain("ssl_verify_depth 6;");
    }

    [Fact]
    [Refuses("chain/missing-intermediate")]
    public async Task An_intermediate_of_a_trusted_root_s_organisation_is_likely_to_be_missing()
    {
        var issuing = ground.Other.Issue("CN=Unseen,O=Elsewhere", CertificateShape.Authority with { Extra = [Extensions.IssuerAt("http://ca.example/unseen.cer")] });
        var client = issuing.Issue("CN=left alone", CertificateShape.Client with { Extra = [Extensions.IssuerAt("http://ca.example/unseen.cer")] });
        var record = await Gate.Refused(Gate.As(client) with { ServerName = "api-b" });
        record.ShouldBe("chain/missing-intermediate", "client", "likely",
            ("found_subject", null), ("anchor", "CN=Other Root,O=Elsewhere"), ("issuer_urls", (string[])["http://ca.example/unseen.cer"]));
    }

    [Fact]
    [Innocent("chain/missing-intermediate")]
    public async Task An_unknown_issuer_is_no_missing_intermediate_and_one_that_is_sent_is_not_missing()
    {
        using var nobody = Identity.SelfSigned("CN=Nobody Else");
        var issuing = nobody.Issue("CN=Nobody's Issuing", CertificateShape.Authority);
        (await Gate.Refused(issuing.Issue("CN=far from home"), issuing))
            .ShouldBe("chain/unknown-issuer", "client", "likely", ("depth", 1), ("certificate_subject", "CN=Nobody's Issuing"));
        var known = ground.Root.Issue("CN=Sent", CertificateShape.Authority);
        await Gate.Accepted(known.Issue("CN=with all"), known);
    }

    [Fact]
    [Refuses("chain/root-absent")]
    public async Task The_bundle_has_the_intermediate_but_not_its_root()
    {
        var record = await Gate.Refused(Gate.As(ground.Partial.Issue("CN=partial's")) with { ServerName = "partial" });
        record.ShouldBe("chain/root-absent", "operator", "proved",
            ("last_subject", "CN=Partial"), ("depth", 1), ("root", "CN=Root"), ("root_key_id", KeyId(ground.Root)), ("bundle", Bundle("partial.pem")))
            .ShouldBeOnPage("chain/root-absent");
        record.Errors.ShouldBe(["2@1"]);
    }

    [Fact]
    [Innocent("chain/root-absent")]
    public async Task The_bundle_has_both() =>
        await Gate.Accepted(Gate.As(ground.Partial.Issue("CN=partial's too")) with { ServerName = "partial-whole" });

    [Fact]
    [Refuses("chain/self-signed")]
    public async Task It_is_signed_by_its_own_key()
    {
        using var alone = Identity.SelfSigned("CN=alone", CertificateShape.Client);
        (await Gate.Refused(alone)).ShouldBe("chain/self-signed", "client", "proved",
            ("certificate_subject", "CN=alone"), ("certificate_sha256", Sha256(alone)), ("is_authority", false), ("bundle", Bundle("bundle.pem")))
            .ShouldBeOnPage("chain/self-signed")
            .Errors.ShouldBe(["18@0"]);
    }

    [Fact]
    [Innocent("chain/self-signed")]
    public async Task It_only_has_its_issuer_s_name()
    {
        // The same name twice, but another key: self-issued and not self-signed.
        await Gate.Accepted(ground.Root.Issue("CN=Root"));
    }

    [Fact]
    [Refuses("chain/untrusted-root-sent")]
    public async Task It_brings_a_root_of_its_own()
    {
        using var own = Identity.SelfSigned("CN=Own Root");
        var issuing = own.Issue("CN=Own Issuing", CertificateShape.Authority);
        (await Gate.Refused(issuing.Issue("CN=stranger"), issuing, own)).ShouldBe("chain/untrusted-root-sent", "client", "proved",
            ("certificate_subject", "CN=stranger"), ("root_subject", "CN=Own Root"), ("root_sha256", Sha256(own)), ("root_depth", 2), ("belongs_to", null))
            .ShouldBeOnPage("chain/untrusted-root-sent")
            .Errors.ShouldBe(["19@2"]);
    }

    [Fact]
    [Refuses("chain/untrusted-root-sent")]
    public async Task It_brings_the_root_of_another_server()
    {
        (await Gate.Refused(ground.Other.Issue("CN=b's with root"), ground.Other))
            .ShouldBe("chain/untrusted-root-sent", "client", "proved", ("belongs_to", "api-b"));
    }

    [Fact]
    [Innocent("chain/untrusted-root-sent")]
    public async Task It_brings_the_trusted_root() => await Gate.Accepted(ground.Root.Issue("CN=with the root"), ground.Root);

    [Fact]
    [Refuses("chain/same-name-other-key")]
    public async Task The_authority_has_a_new_key()
    {
        using var renewed = Identity.SelfSigned("CN=Root", CertificateShape.Authority with { NotBefore = DateTimeOffset.UtcNow.AddHours(-1) });
        var client = renewed.Issue("CN=of the new key", CertificateShape.Client with { NotBefore = DateTimeOffset.UtcNow.AddMinutes(-5) });
        (await Gate.Refused(client)).ShouldBe("chain/same-name-other-key", "operator", "proved",
            ("depth", 0), ("authority_key_id", KeyId(renewed)), ("namesake_key_id", KeyId(ground.Root)), ("namesake_is_trusted", true),
            ("certificate_not_before", Moment(client.Certificate.NotBefore)), ("namesake_not_before", Moment(ground.Root.Certificate.NotBefore)),
            ("is_right_one_there", false)).ShouldBeOnPage("chain/same-name-other-key").Errors.ShouldBe(["20@0", "21@0"]);
    }

    [Fact]
    [Refuses("chain/same-name-other-key")]
    public async Task An_impostor_without_key_identifiers_has_the_wrong_key()
    {
        using var impostor = Identity.SelfSigned("CN=Root");
        var client = impostor.Issue("CN=forged", CertificateShape.Client with { AuthorityKeyIdentifier = false, NotBefore = DateTimeOffset.UtcNow.AddDays(-2) });
        (await Gate.Refused(client)).ShouldBe("chain/same-name-other-key", "client", "proved", ("authority_key_id", ""), ("namesake_is_trusted", true))
            .Errors.ShouldBe(["7@0"]);
    }

    [Fact]
    [Refuses("chain/same-name-other-key")]
    public async Task It_brings_a_root_of_the_trusted_name()
    {
        using var impostor = Identity.SelfSigned("CN=Root");
        var client = impostor.Issue("CN=forged with root", CertificateShape.Client with { NotBefore = DateTimeOffset.UtcNow.AddDays(-2) });
        (await Gate.Refused(client, impostor)).ShouldBe("chain/same-name-other-key", "client", "proved",
            ("sent_root_sha256", Sha256(impostor)), ("namesake_sha256", Sha256(ground.Root)));
    }

    [Fact]
    [Refuses("chain/same-name-other-key")]
    public async Task The_right_key_is_in_the_bundle_behind_the_wrong_one()
    {
        Identity[] both = [ground.Twin, ground.SecondTwin];
        var refused = 0;
        foreach (var twin in both)
        {
            var client = Gate.As(twin.Issue("CN=a twin's", CertificateShape.Client with { AuthorityKeyIdentifier = false })) with { ServerName = "twice" };
            if ((await Gate.Answer(client)).StartsWith("HTTP/1.1 200", StringComparison.Ordinal))
            {
                continue;
            }
            refused++;
            (await Gate.Refused(client)).ShouldBe("chain/same-name-other-key", "operator", "proved", ("is_right_one_there", true), ("namesake_is_trusted", true))
                .Errors.ShouldBe(["7@0"]);
        }
        refused.ShouldBe(1, "OpenSSL takes one of the two and never the other");
    }

    [Fact]
    [Innocent("chain/same-name-other-key")]
    public async Task A_renewed_certificate_of_the_same_key_is_the_same_authority()
    {
        // Not disposed: the key is the root's own.
        var renewed = Identity.SelfSigned("CN=Root", CertificateShape.Authority, ground.Root.Key);
        await Gate.Accepted(renewed.Issue("CN=of the old key"), renewed);
    }

    [Fact]
    public async Task Junk_in_the_chain_and_a_wrong_order_refuse_nobody()
    {
        var first = ground.Root.Issue("CN=Ordered 1", CertificateShape.Authority);
        var second = first.Issue("CN=Ordered 2", CertificateShape.Authority);
        using var junk = Identity.SelfSigned("CN=Junk");
        await Gate.Accepted(second.Issue("CN=disordered"), junk, first, second);
    }

    private static string KeyId(Identity identity) => Shapes.KeyId(identity);

    private static string Sha256(Identity identity) => Shapes.Sha256(identity);

    private static string Moment(DateTime moment) => Shapes.Moment(moment);
}
