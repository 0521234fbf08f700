namespace Countersign.EndToEnd.Refusals;

/// <summary>
/// Clients who are asked and send none, where what they sent before, or what both sides can sign with, says why. Each has a gate of its own: what it
/// remembers of a client is remembered by address and hello, and those are the same for all clients here.
/// </summary>
public sealed class UnsentCertificates
{
    private readonly Identity _root = Identity.SelfSigned("CN=Root");

    [Fact]
    [Refuses("not-sent/not-configured")]
    public async Task Without_any_sign_the_client_has_none()
    {
        await using var gate = await RefusalGate.Trusting("", _root);
        var record = await gate.Refused(Clientless.Nobody());
        record.ShouldBe("not-sent/not-configured", "client", "likely", ("asked", true), ("client", "OpenSSL"), ("advertised", (string[])["CN=Root"]), ("could_also_be", null))
            .ShouldBeOnPage("not-sent/not-configured");
        record.Answer.ShouldContain("No required SSL certificate was sent");
        record.Nginx.ShouldBe("client sent no required SSL certificate");
        record.Evidence("answered_after").ShouldNotBeNull();
        record.Evidence("round_trip").ShouldNotBeNull();
    }

    [Fact]
    [Innocent("not-sent/not-configured")]
    public async Task Whoever_has_one_is_let_in()
    {
        await using var gate = await RefusalGate.Trusting("", _root);
        await gate.Accepted(_root.Issue("CN=configured"));
    }

    [Fact]
    [Refuses("not-sent/issuer-not-advertised")]
    public async Task An_issuer_that_leaves_the_list_is_missed_by_those_who_came_before()
    {
        var old = Identity.SelfSigned("CN=Old Root");
        await using var gate = await RefusalGate.Trusting("", old, _root);
        await gate.Accepted(old.Issue("CN=of old"));
        gate.Write("bundle.pem", _root.Pem);
        await gate.Reload();
        var record = await gate.Refused(Clientless.Nobody());
        record.ShouldBe("not-sent/issuer-not-advertised", "operator", "likely",
            ("sent_before_subject", "CN=of old"), ("sent_before_issuer", "CN=Old Root"), ("advertised", (string[])["CN=Root"]), ("issuer_is_trusted", false))
            .ShouldBeOnPage("not-sent/issuer-not-advertised");
        record.Message.ShouldContain("the configuration was loaded after that");
    }

    [Fact]
    [Innocent("not-sent/issuer-not-advertised")]
    public async Task An_issuer_that_stays_in_the_list_is_not_missed()
    {
        var other = Identity.SelfSigned("CN=Other Root");
        await using var gate = await RefusalGate.Trusting("", other, _root);
        await gate.Accepted(_root.Issue("CN=staying"));
        gate.Write("bundle.pem", _root.Pem);
        await gate.Reload();
        (await gate.Refused(Clientless.Nobody())).Id.ShouldBe("not-sent/not-configured");
    }

    [Fact]
    [Refuses("not-sent/issuer-name-encoding")]
    public async Task The_issuer_s_name_in_other_bytes_is_not_the_client_s()
    {
        var (printable, utf8) = await TwoEncodings();
        await using var gate = await RefusalGate.Open(RefusalGate.Guarded(), ("bundle.pem", printable.Pem));
        await gate.Accepted(printable.Issue("CN=encoded client"));
        gate.Write("bundle.pem", utf8);
        await gate.Reload();
        var record = await gate.Refused(Clientless.Nobody());
        record.ShouldBe("not-sent/issuer-name-encoding", "operator", "likely", ("sent_before_subject", "CN=encoded client"),
            ("difference", "PrintableString \"Encoded\" in the certificate, UTF8String \"Encoded\" in the list")).ShouldBeOnPage("not-sent/issuer-name-encoding");
    }

    [Fact]
    [Innocent("not-sent/issuer-name-encoding")]
    public async Task With_both_in_the_bundle_only_the_first_is_told_and_it_is_the_client_s()
    {
        var (printable, utf8) = await TwoEncodings();
        await using var gate = await RefusalGate.Open(RefusalGate.Guarded(), ("bundle.pem", printable.Pem));
        await gate.Accepted(printable.Issue("CN=encoded client"));
        gate.Write("bundle.pem", printable.Pem + utf8);
        await gate.Reload();
        (await gate.Refused(Clientless.Nobody())).Id.ShouldBe("not-sent/not-configured");
    }

    [Fact]
    [Refuses("not-sent/chain-not-linkable")]
    public async Task A_client_without_its_intermediate_cannot_see_that_it_leads_to_the_root_in_the_list()
    {
        var (gate, branch) = await BelowBranch();
        await using var open = gate;
        await gate.Accepted(branch.Issue("CN=below"));
        gate.Write("bundle.pem", _root.Pem);
        await gate.Reload();
        var record = await gate.Refused(Clientless.Nobody());
        record.ShouldBe("not-sent/chain-not-linkable", "client", "likely",
            ("sent_before_subject", "CN=below"), ("link_subject", "CN=Branch"), ("listed", "CN=Root"), ("sent_before_count", 1))
            .ShouldBeOnPage("not-sent/chain-not-linkable");
    }

    [Fact]
    [Innocent("not-sent/chain-not-linkable")]
    public async Task A_client_with_its_intermediate_can()
    {
        var (gate, branch) = await BelowBranch();
        await using var open = gate;
        await gate.Accepted(branch.Issue("CN=above and below"), branch);
        gate.Write("bundle.pem", _root.Pem);
        await gate.Reload();
        (await gate.Refused(Clientless.Nobody())).Id.ShouldBe("not-sent/not-configured");
    }

    [Fact]
    [Refuses("not-sent/no-common-signature-algorithm")]
    public async Task A_key_that_cannot_sign_with_what_both_sides_take_keeps_its_certificate()
    {
        await using var gate = await WithRsaKey("ssl_conf_command ClientSignatureAlgorithms ECDSA+SHA256;");
        var client = gate.As(_root.Issue("CN=elliptic"));
        var record = await gate.Refused(client with { More = ["-sigalgs", "RSA-PSS+SHA256", "-tls1_3"] });
        record.ShouldBe("not-sent/no-common-signature-algorithm", "operator", "proved",
            ("of_client", (string[])["rsa_pss_rsae_sha256"]), ("of_gate", (string[])["ecdsa_secp256r1_sha256"]), ("common", (string[])[]))
            .ShouldBeOnPage("not-sent/no-common-signature-algorithm");
    }

    [Fact]
    [Refuses("not-sent/no-common-signature-algorithm")]
    public async Task A_client_that_names_RSA_alone_may_have_a_key_of_another_kind()
    {
        await using var gate = await WithRsaKey("");
        var client = gate.As(_root.Issue("CN=elliptic"));
        var record = await gate.Refused(client with { More = ["-sigalgs", "RSA-PSS+SHA256", "-tls1_3"] });
        record.ShouldBe("not-sent/no-common-signature-algorithm", "client", "possible", ("common", (string[])["rsa_pss_rsae_sha256"]));
        record.List("could_also_be").ShouldBe(["not-sent/not-configured"]);
    }

    [Fact]
    [Innocent("not-sent/no-common-signature-algorithm")]
    public async Task A_client_that_names_both_kinds_could_have_signed()
    {
        await using var gate = await WithRsaKey("");
        (await gate.Refused(Clientless.Nobody(more: ["-sigalgs", "RSA-PSS+SHA256:ECDSA+SHA256", "-tls1_3"]))).Id.ShouldBe("not-sent/not-configured");
    }

    [Fact]
    [Refuses("not-sent/filtered-by-client")]
    public async Task A_certificate_for_servers_is_held_back_by_some_libraries()
    {
        await using var gate = await RefusalGate.Trusting("", _root);
        (await gate.Refused(_root.Issue("CN=for servers", CertificateShape.Server))).Id.ShouldBe("certificate/purpose");
        var record = await gate.Refused(Clientless.Nobody());
        record.ShouldBe("not-sent/filtered-by-client", "client", "possible", ("sent_before_subject", "CN=for servers"))
            .ShouldBeOnPage("not-sent/filtered-by-client");
        record.List("could_also_be").ShouldContain("not-sent/not-configured");
    }

    [Fact]
    [Innocent("not-sent/filtered-by-client")]
    public async Task A_certificate_for_clients_is_not()
    {
        await using var gate = await RefusalGate.Trusting("", _root);
        await gate.Accepted(_root.Issue("CN=for clients"));
        (await gate.Refused(Clientless.Nobody())).Id.ShouldBe("not-sent/not-configured");
    }

    [Fact]
    [Refuses("not-sent/not-selected-for-host")]
    public async Task A_certificate_that_another_name_gets_would_do_here()
    {
        await using var gate = await TwoNames();
        await gate.Accepted(gate.As(_root.Issue("CN=choosy")) with { ServerName = "shop.example" });
        var record = await gate.Refused(Clientless.Nobody("api.example"));
        record.ShouldBe("not-sent/not-selected-for-host", "client", "possible", ("sent_before_subject", "CN=choosy"), ("sent_before_to", "shop.example"))
            .ShouldBeOnPage("not-sent/not-selected-for-host");
    }

    [Fact]
    [Innocent("not-sent/not-selected-for-host")]
    public async Task The_same_name_gets_none_for_another_cause()
    {
        await using var gate = await TwoNames();
        await gate.Accepted(gate.As(_root.Issue("CN=forgetful")) with { ServerName = "shop.example" });
        (await gate.Refused(Clientless.Nobody("shop.example"))).Id.ShouldBe("not-sent/not-configured");
    }

    [Fact]
    [Refuses("not-sent/advertised-list-too-large")]
    public async Task A_list_of_more_than_one_record_may_be_more_than_a_client_takes()
    {
        await using var gate = await RefusalGate.Trusting("", [.. Authorities(20)]);
        var record = await gate.Refused(Clientless.Nobody());
        record.ShouldBe("not-sent/advertised-list-too-large", "operator", "possible", ("advertised_count", 20), ("record_bytes", 16384))
            .ShouldBeOnPage("not-sent/advertised-list-too-large");
        ((long)record.Evidence("advertised_bytes")!).ShouldBeGreaterThan(16384);
    }

    [Fact]
    [Innocent("not-sent/advertised-list-too-large")]
    public async Task A_list_of_one_record_is_not()
    {
        await using var gate = await RefusalGate.Trusting("", [.. Authorities(10)]);
        (await gate.Refused(Clientless.Nobody())).Id.ShouldBe("not-sent/not-configured");
    }

    /// <summary>One authority with one key under one name: as .NET writes it, and as openssl does.</summary>
    private static async Task<(Identity Printable, string Utf8)> TwoEncodings()
    {
        var printable = Identity.SelfSigned("CN=Encoded");
        using var folder = new TemporaryFolder();
        var key = folder.Write("key.pem", printable.KeyPem);
        var made = await OpenSsl.Run("req", "-x509", "-new", "-key", key, "-utf8", "-subj", "/CN=Encoded", "-days", "30");
        made.ExitCode.ShouldBe(0, made.Error);
        return (printable, made.Output);
    }

    /// <summary>The intermediate is trusted in any case, and in the list until the bundle is written anew.</summary>
    private async Task<(RefusalGate Gate, Identity Branch)> BelowBranch()
    {
        var branch = _root.Issue("CN=Branch", CertificateShape.Authority);
        var gate = await RefusalGate.Open(
            RefusalGate.Guarded(more: "ssl_trusted_certificate pki/trusted.pem; ssl_verify_depth 2;"), ("bundle.pem", branch.Pem + _root.Pem), ("trusted.pem", branch.Pem));
        return (gate, branch);
    }

    private Task<RefusalGate> WithRsaKey(string more)
    {
        var server = Identity.SelfSigned("CN=gate", CertificateShape.Server with { Key = KeyKind.Rsa2048 });
        return RefusalGate.Open(RefusalGate.Guarded(more: more), ("bundle.pem", _root.Pem), ("gate.pem", server.Pem), ("gate.key", server.KeyPem));
    }

    private Task<RefusalGate> TwoNames() =>
        RefusalGate.Open(RefusalGate.Guarded(name: "shop.example") + RefusalGate.Guarded(name: "api.example"), ("bundle.pem", _root.Pem));

    private static IEnumerable<Identity> Authorities(int count) =>
        Enumerable.Range(0, count).Select(number => Identity.SelfSigned($"CN=Authority {number},OU={new string('x', 1000)}"));
}
