using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Countersign.EndToEnd.Refusals;

/// <summary>Servers with ssl_crl: what the lists say, and what is wrong with the lists themselves.</summary>
public sealed class RevocationLists(RevocationLists.Ground ground) : IClassFixture<RevocationLists.Ground>
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;

    public sealed class Ground : RefusalGround
    {
        public Identity Issuing { get; }
        public Identity Revoked { get; }
        public Identity Client { get; }

        /// <summary>Another key under the same name.</summary>
        public Identity Rekeyed { get; } = Identity.SelfSigned("CN=Issuing");
        public Identity Silent { get; }

        public Ground()
        {
            Issuing = Root.Issue("CN=Issuing", CertificateShape.Authority);
            Revoked = Issuing.Issue("CN=revoked");
            Client = Issuing.Issue("CN=client", CertificateShape.Client with { Extra = [Extensions.ListAt("http://ca.example/issuing.crl")] });
            Silent = Root.Issue("CN=Silent", CertificateShape.Authority with { KeyUsage = X509KeyUsageFlags.KeyCertSign });
        }

        protected override async Task<RefusalGate> Open()
        {
            var root = Root.Crl();
            var revoked = new RevokedCertificate(Revoked, Now.AddDays(-3), X509RevocationReason.KeyCompromise);
            var lapsed = new CrlShape { ThisUpdate = Now.AddDays(-9), NextUpdate = Now.AddDays(-2), Revoked = [revoked], Number = 41 };
            var lists = new Dictionary<string, string>
            {
                ["good"] = root + Issuing.Crl(new CrlShape { Revoked = [revoked], Number = 118 }),
                ["ca-revoked"] = Root.Crl(new CrlShape { Revoked = [new(Issuing, Now.AddDays(-3), X509RevocationReason.CACompromise)], Number = 7 }) + Issuing.Crl(),
                ["missing"] = root,
                ["root-missing"] = Issuing.Crl(),
                ["lapsed"] = root + Issuing.Crl(lapsed),
                ["lapsed-and-current"] = root + Issuing.Crl(lapsed) + Issuing.Crl(new CrlShape { Revoked = [revoked] }),
                ["early"] = root + Issuing.Crl(new CrlShape { ThisUpdate = Now.AddDays(2) }),
                ["forged"] = root + Rekeyed.Crl(keyOf: Issuing),
                ["rekeyed"] = root + Rekeyed.Crl(),
                ["silent"] = root + Silent.Crl(),
                ["authorities-only"] = root + Issuing.Crl(new CrlShape { Extra = [Extensions.IssuingDistributionPoint(2)] }),
                ["users-only"] = root + Issuing.Crl(new CrlShape { Extra = [Extensions.IssuingDistributionPoint(1)] }),
                ["indirect"] = root + Issuing.Crl(new CrlShape { Extra = [Extensions.IssuingDistributionPoint(4)] }),
                ["delta"] = root + Issuing.Crl(new CrlShape { Extra = [Extensions.DeltaSince(1)], Number = 2 }),
                ["critical"] = root + Issuing.Crl(new CrlShape { Extra = [new X509Extension("1.2.3.4.5", [5, 0], critical: true)] }),
                ["no-begin"] = root + Issuing.Crl(new CrlShape { ThisUpdateText = "269999000000Z" }),
                ["no-end"] = root + Issuing.Crl(new CrlShape { NextUpdateText = "269999000000Z" }),
            };
            var anchor = await Shapes.Trusted(Issuing, "-addtrust", "clientAuth");
            return await RefusalGate.Open(
                string.Concat(lists.Keys.Select(name => RefusalGate.Guarded("bundle.pem", $"ssl_verify_depth 5;\nssl_crl pki/{name}.crl;", name)))
                    + RefusalGate.Guarded("anchor.pem", "ssl_crl pki/good.crl;", "anchor")
                    + RefusalGate.Guarded("anchor-whole.pem", "ssl_crl pki/good.crl;", "anchor-whole"),
                [("bundle.pem", Issuing.Pem + Root.Pem + Silent.Pem), ("anchor.pem", anchor), ("anchor-whole.pem", anchor + Root.Pem), .. lists.Select(list => (list.Key + ".crl", list.Value))]);
        }
    }

    private RefusalGate Gate => ground.Gate;

    private SClient To(string server, Identity? client = null) => Gate.As(client ?? ground.Client) with { ServerName = server };

    private string List(string name) => Path.Combine(Gate.Server.Prefix, $"conf/pki/{name}.crl");

    [Fact]
    [Refuses("revocation/revoked")]
    public async Task The_client_is_on_the_list()
    {
        var record = await Gate.Refused(To("good", ground.Revoked));
        record.ShouldBe("revocation/revoked", "client", "proved",
            ("certificate_serial", ground.Revoked.Certificate.SerialNumber), ("revoked", Shapes.Moment(Now.AddDays(-3))), ("revocation_reason", "keyCompromise"),
            ("crl_number", "118"), ("crl_file", List("good"))).ShouldBeOnPage("revocation/revoked").Errors.ShouldBe(["23@0"]);
        record.Message.ShouldContain("reason keyCompromise");
    }

    [Fact]
    [Innocent("revocation/revoked")]
    [Innocent("revocation/ca-revoked")]
    [Innocent("revocation/crl-missing")]
    [Innocent("revocation/crl-expired")]
    [Innocent("revocation/crl-not-yet-valid")]
    [Innocent("revocation/crl-signature")]
    public async Task A_sister_of_the_revoked_one_is_not() => await Gate.Accepted(To("good"));

    [Fact]
    [Refuses("revocation/ca-revoked")]
    public async Task The_authority_is_on_the_root_s_list() =>
        (await Gate.Refused(To("ca-revoked"))).ShouldBe("revocation/ca-revoked", "authority", "proved",
            ("certificate_subject", "CN=Issuing"), ("depth", 1), ("revocation_reason", "cACompromise"), ("crl_number", "7"))
            .ShouldBeOnPage("revocation/ca-revoked").Errors.ShouldBe(["23@1"]);

    [Fact]
    [Refuses("revocation/crl-missing")]
    public async Task The_authority_has_no_list()
    {
        var record = await Gate.Refused(To("missing"));
        record.ShouldBe("revocation/crl-missing", "operator", "proved",
            ("depth", 0), ("missing", "CN=Issuing"), ("crl_file", List("missing")), ("crl_urls", (string[])["http://ca.example/issuing.crl"]))
            .ShouldBeOnPage("revocation/crl-missing").Errors.ShouldBe(["3@0"]);
        var coverage = record.List("coverage");
        coverage.Length.ShouldBe(2);
        coverage[0].ShouldBe("CN=Issuing: no list");
        coverage[1].ShouldStartWith("CN=Root: a list until ");
        record.Message.ShouldContain(Gate.At("ssl_crl pki/missing.crl;"));
    }

    [Fact]
    [Refuses("revocation/crl-missing")]
    public async Task The_advice_reloads_the_gate_that_gives_it()
    {
        await using var gate = await RefusalGate.Open(
            RefusalGate.Guarded(more: "ssl_verify_depth 5;\nssl_crl 'pki/of clients, révoqués.crl';"),
            ("bundle.pem", ground.Issuing.Pem + ground.Root.Pem), ("of clients, révoqués.crl", ground.Root.Crl()));
        // Logs are read a character a byte.
        var advice = Encoding.UTF8.GetString(Encoding.Latin1.GetBytes((await gate.Refused(ground.Client, ground.Issuing)).Pastes[0]));
        var command = advice.Replace("new.crl", gate.Write("new.crl", ground.Issuing.Crl())).Replace("&& countersign", $"&& '{ServerProgram.Countersign.Require()}'");
        var result = await CommandLine.Run("sh", ["-c", command]);
        result.ExitCode.ShouldBe(0, $"{advice}\n{result.Both}");
        await gate.Server.ErrorLog.WaitFor("exited with code 0");
        await gate.Accepted(ground.Client, ground.Issuing);
    }

    [Fact]
    [Refuses("revocation/crl-missing")]
    public async Task The_root_has_no_list()
    {
        var record = await Gate.Refused(To("root-missing"));
        record.ShouldBe("revocation/crl-missing", "operator", "proved", ("depth", 1), ("missing", "CN=Root"));
        record.List("coverage")[1].ShouldBe("CN=Root: no list");
    }

    [Fact]
    [Refuses("revocation/crl-expired")]
    public async Task The_list_has_lapsed_and_the_client_is_not_on_it()
    {
        var record = await Gate.Refused(To("lapsed"));
        record.ShouldBe("revocation/crl-expired", "operator", "proved",
            ("crl_file", List("lapsed")), ("crl_issuer", "CN=Issuing"), ("crl_number", "41"), ("next_update", Shapes.Moment(Now.AddDays(-2))), ("is_revoked", false))
            .ShouldBeOnPage("revocation/crl-expired");
        record.Errors.ShouldContain("12@0");
        record.Others.ShouldBeEmpty();
        record.Message.ShouldContain("this one is not on it");
        record.List("coverage")[0].ShouldBe($"CN=Issuing: a list that lapsed {Shapes.Moment(Now.AddDays(-2))}");
    }

    [Fact]
    [Refuses("revocation/crl-expired")]
    public async Task The_list_has_lapsed_and_the_client_is_on_it()
    {
        var record = await Gate.Refused(To("lapsed", ground.Revoked));
        record.ShouldBe("revocation/crl-expired", "operator", "proved", ("is_revoked", true));
        record.Others.ShouldBe(["revocation/revoked"]);
        record.Message.ShouldContain("this one is on it, too");
    }

    [Fact]
    [Innocent("revocation/crl-expired")]
    public async Task A_lapsed_list_stands_beside_a_current_one()
    {
        await Gate.Accepted(To("lapsed-and-current"));
        (await Gate.Refused(To("lapsed-and-current", ground.Revoked))).Id.ShouldBe("revocation/revoked");
    }

    [Fact]
    [Refuses("revocation/crl-not-yet-valid")]
    public async Task The_list_begins_in_two_days() =>
        (await Gate.Refused(To("early"))).ShouldBe("revocation/crl-not-yet-valid", "operator", "proved",
            ("depth", 0), ("crl_file", List("early")), ("this_update", Shapes.Moment(Now.AddDays(2))))
            .ShouldBeOnPage("revocation/crl-not-yet-valid").Errors.ShouldContain("11@0");

    [Fact]
    [Refuses("revocation/crl-signature")]
    public async Task The_list_has_the_right_key_identifier_and_the_wrong_signature() =>
        (await Gate.Refused(To("forged"))).ShouldBe("revocation/crl-signature", "operator", "proved",
            ("crl_key_id", Shapes.KeyId(ground.Issuing)), ("authority_key_id", Shapes.KeyId(ground.Issuing)))
            .ShouldBeOnPage("revocation/crl-signature").Errors.ShouldContain("8@0");

    [Fact]
    [Refuses("revocation/crl-signature")]
    public async Task The_list_is_of_the_authority_s_other_key() =>
        (await Gate.Refused(To("rekeyed"))).ShouldBe("revocation/crl-signature", "operator", "proved",
            ("crl_key_id", Shapes.KeyId(ground.Rekeyed)), ("authority_key_id", Shapes.KeyId(ground.Issuing)));

    [Fact]
    [Refuses("revocation/ca-cannot-sign-crls")]
    public async Task The_authority_may_not_sign_lists() =>
        (await Gate.Refused(To("silent", ground.Silent.Issue("CN=of the silent")))).ShouldBe("revocation/ca-cannot-sign-crls", "authority", "proved",
            ("authority_subject", "CN=Silent"), ("required", "cRLSign"), ("present", (string[])["keyCertSign"]))
            .ShouldBeOnPage("revocation/ca-cannot-sign-crls").Errors.ShouldContain("35@0");

    [Fact]
    [Innocent("revocation/ca-cannot-sign-crls")]
    public async Task An_authority_that_may_not_sign_lists_has_none() =>
        (await Gate.Refused(To("good", ground.Silent.Issue("CN=of the silent too")))).Id.ShouldBe("revocation/crl-missing");

    [Fact]
    [Refuses("revocation/crl-scope")]
    public async Task The_list_is_for_authorities_only() =>
        (await Gate.Refused(To("authorities-only"))).ShouldBe("revocation/crl-scope", "operator", "proved",
            ("depth", 0), ("scope", (string[])["onlyContainsCACerts"]), ("is_delta", false)).ShouldBeOnPage("revocation/crl-scope").Errors.ShouldContain("44@0");

    [Fact]
    [Refuses("revocation/crl-scope")]
    public async Task OpenSSL_does_not_go_by_an_indirect_list() =>
        (await Gate.Refused(To("indirect"))).ShouldBe("revocation/crl-scope", "operator", "proved", ("scope", (string[])["indirectCRL"]), ("is_delta", false));

    /// <summary>Neither does a newer one by a delta.</summary>
    [Fact]
    [Refuses("revocation/crl-scope")]
    public async Task A_delta_is_no_list_to_an_OpenSSL_that_leaves_deltas_out()
    {
        if (await DeltaLists.AreLeftOut)
        {
            (await Gate.Refused(To("delta"))).ShouldBe("revocation/crl-scope", "operator", "proved", ("scope", (string[])[]), ("is_delta", true));
        }
        else
        {
            await Gate.Accepted(To("delta"));
        }
    }

    [Fact]
    [Refuses("revocation/crl-scope")]
    public async Task The_list_has_a_critical_extension_that_nobody_knows()
    {
        var record = await Gate.Refused(To("critical"));
        record.ShouldBe("revocation/crl-scope", "operator", "proved", ("critical", (string[])["1.2.3.4.5"])).Errors.ShouldContain("36@0");
        record.Message.ShouldContain("1.2.3.4.5");
    }

    [Fact]
    [Innocent("revocation/crl-scope")]
    public async Task The_list_is_for_users_only_and_that_is_what_the_client_is() => await Gate.Accepted(To("users-only"));

    [Fact]
    [Refuses("revocation/crl-issuer-unknown")]
    public async Task The_path_ends_below_the_list_s_issuer() => (await Ended("anchor")).ShouldBeOnPage("revocation/crl-issuer-unknown");

    [Fact]
    [Refuses("revocation/crl-issuer-unknown")]
    public Task The_path_ends_below_the_list_s_issuer_though_the_bundle_has_it() => Ended("anchor-whole");

    private async Task<RefusalRecord> Ended(string server)
    {
        var record = await Gate.Refused(To(server));
        record.ShouldBe("revocation/crl-issuer-unknown", "operator", "proved",
            ("certificate_subject", "CN=Issuing"), ("depth", 1), ("crl_issuer", "CN=Root"), ("crl_file", List("good")));
        record.Errors.ShouldBe(["3@1"]);
        return record;
    }

    [Fact]
    [Innocent("revocation/crl-issuer-unknown")]
    public async Task The_same_authority_stands_in_the_bundle_unmarked_beside_its_root() => await Gate.Accepted(To("good"));

    [Fact]
    [Refuses("revocation/crl-unreadable")]
    public async Task The_end_of_the_list_is_no_date() =>
        (await Undated("no-end", "nextUpdate")).ShouldBeOnPage("revocation/crl-unreadable").Errors.ShouldContain("16@0");

    [Fact]
    [Refuses("revocation/crl-unreadable")]
    public async Task The_beginning_of_the_list_is_no_date() => (await Undated("no-begin", "thisUpdate")).Errors.ShouldContain("15@0");

    private async Task<RefusalRecord> Undated(string server, string field) => (await Gate.Refused(To(server))).ShouldBe("revocation/crl-unreadable", "authority", "proved",
        ("crl_file", List(server)), ("crl_issuer", "CN=Issuing"), ("field", field), ("present", "269999000000Z"));

    [Fact]
    [Innocent("revocation/crl-unreadable")]
    public async Task A_date_of_the_list_has_passed() => (await Gate.Refused(To("lapsed"))).Id.ShouldBe("revocation/crl-expired");
}
