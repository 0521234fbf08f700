using System.Text.Json;

namespace Countersign.EndToEnd.Probing;

/// <summary><c>countersign probe</c> against gates of the same configuration: nginx and this program.</summary>
public sealed class ProbedGates : IAsyncDisposable
{
    private readonly ProbeStand _stand = new();

    public static TheoryData<string> Gates => ["nginx", "countersign"];

    public ValueTask DisposeAsync() => _stand.DisposeAsync();

    [Theory]
    [MemberData(nameof(Gates))]
    public async Task A_good_certificate_is_let_in_and_the_request_is_told(string gate)
    {
        var probe = await _stand.Probe(await Start(gate, ProbeStand.Server()), _stand.With("client"));
        probe.ExitCode.ShouldBe(0, probe.Why);
        probe.Reason.ShouldBeNull();
        probe.Findings.ShouldBeEmpty();
        probe.Request.GetProperty("asked").GetString().ShouldBe("handshake");
        ProbeResult.Texts(probe.Request.GetProperty("authorities")).ShouldBe(["CN=Probe Root", "CN=Probe Issuing"]);
        ProbeResult.Texts(probe.Request.GetProperty("signature_algorithms")).ShouldContain("ecdsa_secp256r1_sha256");
        ProbeResult.Texts(probe.Request.GetProperty("certificate_types")).ShouldContain("ecdsa_sign");
        probe.Server.GetProperty("verified").GetBoolean().ShouldBeTrue();
        ProbeResult.Texts(probe.Server.GetProperty("notes")).ShouldBeEmpty();
        probe.Decisive.GetProperty("sent_certificates").GetInt32().ShouldBe(2);
        probe.Decisive.GetProperty("protocol").GetString().ShouldBe("TLSv1.3");
    }

    [Theory]
    [MemberData(nameof(Gates))]
    public async Task Without_a_certificate_the_page_is_known(string gate)
    {
        var probe = await _stand.Probe(await Start(gate, ProbeStand.Server()));
        probe.ExitCode.ShouldBe(1);
        (probe.Reason, probe.Confidence).ShouldBe(("not-sent/not-configured", "proved"));
        var answer = probe.Decisive.GetProperty("http");
        answer.GetProperty("status").GetInt32().ShouldBe(400);
        answer.GetProperty("title").GetString().ShouldBe("No required SSL certificate was sent");
        probe.Decisive.GetProperty("sent_certificates").GetInt32().ShouldBe(0);
    }

    [Theory]
    [InlineData("nginx", "1.2")]
    [InlineData("countersign", "1.3")]
    public async Task An_expired_certificate_is_the_reason_behind_the_page(string gate, string version)
    {
        var now = DateTimeOffset.UtcNow;
        _stand.Put("old", _stand.Issuing.Issue("CN=old", CertificateShape.Client with { NotBefore = now.AddDays(-9), NotAfter = now.AddDays(-2) }), _stand.Issuing);
        var probe = await _stand.Probe(await Start(gate, ProbeStand.Server()), [.. _stand.With("old"), "--tls", version]);
        probe.ExitCode.ShouldBe(1);
        probe.Reason.ShouldBe("certificate/expired");
        probe.Decisive.GetProperty("http").GetProperty("title").GetString().ShouldBe("The SSL certificate error");
        probe.Withheld("NSS").ShouldBe("not-sent/filtered-by-client");
        probe.Withheld("Go").ShouldBeNull();
    }

    [Theory]
    [MemberData(nameof(Gates))]
    public async Task A_server_s_purpose_is_the_reason_behind_the_page(string gate)
    {
        _stand.Put("purpose", _stand.Issuing.Issue("CN=purpose", CertificateShape.Client with { ExtendedKeyUsage = [Oids.ServerAuth] }), _stand.Issuing);
        var probe = await _stand.Probe(await Start(gate, ProbeStand.Server()), _stand.With("purpose"));
        probe.Reason.ShouldBe("certificate/purpose");
        probe.Withheld(".NET").ShouldBe("not-sent/filtered-by-client");
        probe.Withheld("OpenSSL").ShouldBeNull();
    }

    [Theory]
    [MemberData(nameof(Gates))]
    public async Task A_missing_intermediate_is_found_in_the_file_of_authorities(string gate)
    {
        _stand.Put("alone", _stand.Client);
        var probe = await _stand.Probe(await Start(gate, ProbeStand.Server(trust: "root.pem")), ["--ca", _stand["bundle.pem"], .. _stand.With("alone")]);
        probe.ExitCode.ShouldBe(1);
        probe.Reason.ShouldBe("chain/missing-intermediate");
        probe.Withheld("Go").ShouldBe("not-sent/chain-not-linkable");
        probe.Withheld("NSS").ShouldBeNull("it finds the intermediate in its store");
    }

    [Theory]
    [MemberData(nameof(Gates))]
    public async Task A_certificate_of_another_authority_is_withheld_by_those_that_look(string gate)
    {
        using var other = Identity.SelfSigned("CN=Other Root");
        _stand.Put("stranger", other.Issue("CN=stranger"));
        var probe = await _stand.Probe(await Start(gate, ProbeStand.Server()), _stand.With("stranger"));
        (probe.Reason, probe.Confidence).ShouldBe(("chain/unknown-issuer", "possible"), "its file has the leaf alone: an intermediate may be missing");
        foreach (var client in (string[])["Go", "Java", "GnuTLS", "NSS", "SChannel", "Apple", "Android"])
        {
            probe.Withheld(client).ShouldBe("not-sent/issuer-not-advertised", client);
        }
        probe.Withheld("OpenSSL").ShouldBeNull();
    }

    [Fact]
    public async Task An_issuer_in_other_bytes_is_withheld_by_those_that_compare_bytes()
    {
        // .NET writes PrintableString where it can; the bundle's authority has the same name as UTF8String.
        using var key = System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
        var utf8 = new System.Security.Cryptography.X509Certificates.X500DistinguishedNameBuilder();
        utf8.Add("2.5.4.3", "Probe Root", System.Formats.Asn1.UniversalTagNumber.UTF8String);
        var request = new System.Security.Cryptography.X509Certificates.CertificateRequest(utf8.Build(), key, System.Security.Cryptography.HashAlgorithmName.SHA256);
        using var twin = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(9));
        _stand.Write("twin.pem", twin.ExportCertificatePem() + "\n");
        _stand.Put("direct", _stand.Root.Issue("CN=direct"));

        var probe = await _stand.Probe(await Start("nginx", ProbeStand.Server(trust: "twin.pem")), _stand.With("direct"));
        probe.Findings.ShouldContain("not-sent/issuer-name-encoding");
        probe.Withheld("Go").ShouldBe("not-sent/issuer-name-encoding");
        probe.Withheld("Java").ShouldBeNull();
    }

    [Fact]
    public async Task A_server_that_does_not_ask_lets_in()
    {
        var probe = await _stand.Probe(await Start("nginx", ProbeStand.Server(more: "")), _stand.With("client"));
        probe.ExitCode.ShouldBe(0);
        probe.Request.GetProperty("asked").GetString().ShouldBe("never");
        probe.Decisive.GetProperty("sent_certificates").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task A_request_for_another_name_than_the_handshake_s_is_misdirected()
    {
        var target = await Start("nginx", ProbeStand.Server(more: "", name: "open.example") + ProbeStand.Server());
        var probe = await _stand.Probe(target, [.. _stand.With("client"), "--sni", "open.example", "--host", "localhost"]);
        probe.ExitCode.ShouldBe(1);
        (probe.Reason, probe.Confidence).ShouldBe(("not-asked/sni-host-mismatch", "proved"));
    }

    [Fact]
    public async Task Without_a_server_name_the_default_server_never_asks()
    {
        var target = await Start("nginx", ProbeStand.Server(more: "", name: "open.example") + ProbeStand.Server());
        var probe = await _stand.Probe(target, [.. _stand.With("client"), "--sni", "", "--host", "localhost"]);
        probe.ExitCode.ShouldBe(1);
        probe.Reason.ShouldBe("not-asked/no-sni");
    }

    [Fact]
    public async Task Countersign_s_incident_is_passed_on()
    {
        using var other = Identity.SelfSigned("CN=Other Root");
        _stand.Put("stranger", other.Issue("CN=stranger"));
        var probe = await _stand.Probe(await Start("countersign", ProbeStand.Server()), _stand.With("stranger"));
        var incident = probe.Decisive.GetProperty("http").GetProperty("incident").GetString();
        incident.ShouldNotBeNull();
        incident.Length.ShouldBe(16);
        ProbeResult.Texts(probe.Json.GetProperty("verdict").GetProperty("next")).ShouldContain(next => next!.StartsWith($"countersign incident {incident}"));
    }

    [Fact]
    public async Task The_server_s_own_chain_is_examined()
    {
        var now = DateTimeOffset.UtcNow;
        var leaf = _stand.Issuing.Issue("CN=localhost", CertificateShape.Server with { NotBefore = now.AddDays(-9), NotAfter = now.AddDays(-5).AddHours(-1), DnsNames = ["other.example"], IpAddresses = [] });
        _stand.Write("server.pem", leaf.Pem);
        _stand.Write("server.key", leaf.KeyPem);
        var probe = await _stand.Probe(await Start("nginx", ProbeStand.Server(more: "")));
        probe.Server.GetProperty("verified").GetBoolean().ShouldBeFalse();
        var problems = probe.Server.GetProperty("problems").EnumerateArray().ToDictionary(one => one.GetProperty("code").GetInt32(), one => one.GetProperty("message").GetString()!);
        problems[20].ShouldContain("the server sends its leaf alone");
        problems[10].ShouldContain("expired 5 days ago");
        problems[62].ShouldContain("it names other.example");
    }

    [Fact]
    public async Task A_key_of_another_certificate_is_seen_before_anything_is_sent()
    {
        var target = await Start("nginx", ProbeStand.Server());
        _stand.Put("other", _stand.Issuing.Issue("CN=other"));
        var probe = await _stand.Probe(target, "--cert", _stand["client.pem"], "--key", _stand["other.key"]);
        probe.ExitCode.ShouldBe(1);
        (probe.Reason, probe.Confidence).ShouldBe(("not-sent/key-unavailable", "proved"));
        probe.Connections.ShouldAllBe(one => !one.GetProperty("with_certificate").GetBoolean());
    }

    [Fact]
    public async Task The_text_is_for_people_and_has_no_key()
    {
        var target = await Start("nginx", ProbeStand.Server());
        var result = await _stand.Type(target, ["--ca", _stand["root.pem"], .. _stand.With("client")]);
        result.ExitCode.ShouldBe(0, result.Both);
        result.Output.ShouldContain("\nLET IN\n  the server takes the certificate\n");
        result.Output.ShouldContain("\n  authorities     2, ");
        result.Output.ShouldNotContain("\u001b", Case.Sensitive, "a pipe gets no colour");
        result.Both.ShouldNotContain("PRIVATE KEY");
    }

    private Task<string> Start(string gate, string servers) => _stand.Start(gate == "nginx" ? ServerProgram.Nginx : ServerProgram.Countersign, servers);
}
