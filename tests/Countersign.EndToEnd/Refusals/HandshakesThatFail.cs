namespace Countersign.EndToEnd.Refusals;

/// <summary>Client and gate do not come together: one of them says so by an alert.</summary>
public sealed class HandshakesThatFail(HandshakeGround ground) : IClassFixture<HandshakeGround>
{
    [Fact]
    [Refuses("handshake/client-distrusts-server")]
    public async Task A_client_that_does_not_trust_the_gate_says_so_by_an_alert()
    {
        var record = await ground.Gate.Refused(ground.Client("CN=distrusting", "-verify_return_error", "-CAfile", ground.Gate.Pki("bundle.pem")));
        record.ShouldBeOnPage("handshake/client-distrusts-server");
        Alert(record).ShouldBe((48, "client"));
        record.Nginx.ShouldContain("tlsv1 alert unknown ca:SSL alert number 48");
        record.Evidence("server_certificate_subject").ShouldBe("CN=gate");
        record.Text("sni").ShouldBe("localhost");
        record.Text("host").ShouldBeNull();
    }

    [Fact]
    [Innocent("handshake/client-distrusts-server")]
    public Task A_client_that_trusts_the_gate_gets_in() =>
        ground.Gate.Accepted(ground.Client("CN=trusting", "-verify_return_error", "-CAfile", ground.Gate.Pki("gate.pem")));

    [Fact]
    [Refuses("handshake/protocol-version")]
    public async Task A_client_that_is_older_than_ssl_protocols_is_told_the_version()
    {
        var record = await ground.Gate.Refused(ground.Client("CN=old", "-tls1_1"));
        record.ShouldBeOnPage("handshake/protocol-version");
        Alert(record).ShouldBe((70, "gate"));
        record.Nginx.ShouldStartWith("SSL_do_handshake() failed (SSL: error:0A000102:SSL routines::unsupported protocol");
    }

    [Fact]
    [Innocent("handshake/protocol-version")]
    [Innocent("handshake/renegotiation")]
    public Task A_client_of_TLS_1_2_gets_in() => ground.Gate.Accepted(ground.Client("CN=newer", "-tls1_2"));

    [Fact]
    [Refuses("handshake/no-shared-cipher")]
    public async Task A_client_whose_ciphers_want_a_key_that_the_gate_has_not_is_told_so()
    {
        var record = await ground.Gate.Refused(ground.Client("CN=rsa only", "-tls1_2", "-cipher", "AES128-SHA256"));
        record.ShouldBeOnPage("handshake/no-shared-cipher");
        Alert(record).ShouldBe((40, "gate"));
        record.Nginx.ShouldStartWith("SSL_do_handshake() failed (SSL: error:0A0000C1:SSL routines::no shared cipher");
    }

    [Fact]
    [Refuses("handshake/no-shared-cipher")]
    public async Task A_client_of_other_groups_is_told_both_sides()
    {
        await using var gate = await RefusalGate.Trusting("ssl_ecdh_curve X25519:prime256v1;", ground.Root);
        var client = gate.As(ground.Root.Issue("CN=other groups"));
        var record = await gate.Refused(client with { More = [.. client.More, "-groups", "P-384:P-521"] });
        record.Id.ShouldBe("handshake/no-shared-cipher");
        record.List("groups_of_client").ShouldBe(["P-384", "P-521"]);
        record.List("groups_of_gate").ShouldBe(["X25519", "P-256"]);
        record.Message.ShouldContain("the client offers P-384 and P-521, the gate has X25519 and P-256");
        record.Pastes[0].ShouldBe("ssl_ecdh_curve X25519:P-256:P-384;");
    }

    [Fact]
    [Refuses("handshake/no-shared-cipher")]
    public async Task In_TLS_1_2_it_is_the_groups_as_well_and_not_the_suites_that_both_have()
    {
        await using var gate = await RefusalGate.Trusting("ssl_ecdh_curve X25519;", ground.Root);
        var client = gate.As(ground.Root.Issue("CN=one group"));
        client = client with { More = [.. client.More, "-tls1_2", "-groups", "P-256"] };
        var record = await gate.Refused(client);
        record.Nginx.ShouldContain("no shared cipher");
        record.Message.ShouldContain("have no group for the key exchange in common (no shared cipher): the client offers P-256, the gate has X25519");

        // As the advice has it.
        await using var mended = await RefusalGate.Trusting(record.Pastes[0], ground.Root);
        await mended.Accepted(mended.As(ground.Root.Issue("CN=one group")) with { More = client.More });
    }

    [Fact]
    [Innocent("handshake/no-shared-cipher")]
    public Task A_client_with_one_cipher_that_fits_gets_in() =>
        ground.Gate.Accepted(ground.Client("CN=one cipher", "-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-GCM-SHA256"));

    [Fact]
    [Refuses("handshake/no-application-protocol")]
    public async Task A_client_that_speaks_other_protocols_only_is_told_so()
    {
        var record = await ground.Gate.Refused(ground.Client("CN=h3", "-alpn", "h3,foo"));
        record.ShouldBeOnPage("handshake/no-application-protocol");
        Alert(record).ShouldBe((120, "gate"));
        record.Nginx.ShouldStartWith("SSL_do_handshake() failed (SSL: error:0A0000EB:SSL routines::no application protocol");
    }

    [Fact]
    [Innocent("handshake/no-application-protocol")]
    public Task A_client_that_offers_HTTP_1_1_among_others_gets_in() => ground.Gate.Accepted(ground.Client("CN=h2", "-alpn", "h2,http/1.1"));

    [Fact]
    [Refuses("handshake/unrecognized-name")]
    public async Task A_name_that_nobody_has_is_rejected_where_ssl_reject_handshake_says_so()
    {
        var record = await ground.Gate.Refused(() => ToClosed("other.example"));
        record.ShouldBeOnPage("handshake/unrecognized-name");
        Alert(record).ShouldBe((112, "gate"));
        record.Nginx.ShouldBe("handshake rejected");
        record.Text("sni").ShouldBe("other.example");
    }

    [Fact]
    [Innocent("handshake/unrecognized-name")]
    public async Task A_name_that_a_server_has_is_not() => (await ToClosed("localhost")).ShouldStartWith("HTTP/1.1 200");

    [Fact]
    [Refuses("handshake/no-server-certificate")]
    public async Task A_name_that_the_gate_has_no_file_for_is_told_with_the_file()
    {
        await using var gate = await ByName();
        var record = await gate.Refused(gate.As(ground.Root.Issue("CN=of another name")) with { ServerName = "other.example" });
        record.ShouldBe("handshake/no-server-certificate", "operator", "proved", ("sni", "other.example")).ShouldBeOnPage("handshake/no-server-certificate");
        record.Message.ShouldContain("other.example.pem");
        record.Pastes[0].ShouldEndWith("/conf/pki/other.example.pem");
        record.Nginx.ShouldStartWith("SSL_do_handshake() failed (SSL: error:0A000179:SSL routines::cert cb error");
    }

    [Fact]
    [Innocent("handshake/no-server-certificate")]
    public async Task A_name_that_it_has_one_for_is_served()
    {
        await using var gate = await ByName();
        await gate.Accepted(gate.As(ground.Root.Issue("CN=of its name")) with { ServerName = "gate" });
    }

    private Task<RefusalGate> ByName() => RefusalGate.Open("""
        server {
            listen %%tls%% ssl;
            server_name gate;
            ssl_certificate pki/$ssl_server_name.pem;
            ssl_certificate_key pki/$ssl_server_name.key;
            ssl_client_certificate pki/bundle.pem;
            ssl_verify_client on;
            location / { return 200 "refusal=$refusal_id.\n"; }
        }

        """, ("bundle.pem", ground.Root.Pem));

    [Fact]
    [Refuses("handshake/choked-on-certificate-request")]
    public async Task A_client_that_cannot_read_the_request_for_its_certificate_says_so_at_once()
    {
        var record = await ground.Refused(async client =>
        {
            await client.Begin();
            await client.SendAlert(47);
            await client.ReadToEnd();
        });
        record.ShouldBeOnPage("handshake/choked-on-certificate-request");
        Alert(record).ShouldBe((47, "client"));
    }

    [Fact]
    [Innocent("handshake/choked-on-certificate-request")]
    public async Task An_alert_about_the_gate_s_certificate_at_the_same_moment_is_another_matter()
    {
        var record = await ground.Refused(async client =>
        {
            await client.Begin();
            await client.SendAlert(46);
            await client.ReadToEnd();
        });
        record.Id.ShouldBe("handshake/client-distrusts-server");
    }

    [Fact]
    [Refuses("handshake/renegotiation")]
    public async Task A_client_that_wants_to_negotiate_again_is_refused_that()
    {
        var identity = ground.Client("CN=again");
        var record = await ground.Gate.Refused(async () =>
        {
            // The letter R at s_client's terminal.
            var result = await CommandLine.Run(
                "openssl", ["s_client", "-connect", ground.Port().ToString()!, "-tls1_2", "-cert", identity.Certificate!, "-key", identity.Key!], "R\n"u8.ToArray());
            return result.Error;
        });
        record.ShouldBeOnPage("handshake/renegotiation");
        record.Evidence("version").ShouldBe("TLSv1.2");
    }

    private Task<string> ToClosed(string name) => Answer("closed", ground.Client("CN=of a name") with { ServerName = name });

    private async Task<string> Answer(string port, SClient client)
    {
        var result = await OpenSsl.Connect(ground.Gate.Server.EndPoint(port), client, $"GET / HTTP/1.1\r\nHost: {client.ServerName}\r\nConnection: close\r\n\r\n");
        return result.Output.Length > 0 ? result.Output : result.Error;
    }

    private static (int, string?) Alert(RefusalRecord record) => (record.Json.GetProperty("alert").GetInt32(), record.Text("alert_from"));
}
