using Countersign.Refusals.Tests.NotSent;

namespace Countersign.Refusals.Tests.Handshake;

/// <summary>Connections that came to no request: each cause, and one close to it that has another.</summary>
public sealed class HandshakeTests
{
    [Theory]
    [InlineData(42, "bad_certificate")]
    [InlineData(46, "certificate_unknown")]
    [InlineData(48, "unknown_ca")]
    public void An_alert_about_certificates_before_the_client_sent_one_is_about_the_gate_s(int alert, string name)
    {
        var reason = WithChain(Scene.Alerted(alert), Gate()).Reason();
        (reason.Id, reason.Confidence).ShouldBe(("handshake/client-distrusts-server", Confidence.Proved));
        reason.Message.ShouldContain($"with {name} (alert {alert})");
        reason.Message.ShouldContain("the gate sends it alone");
    }

    [Fact]
    public void A_server_certificate_that_has_ended_is_the_operator_s()
    {
        var ended = Gate(CertificateShape.Server with { DnsNames = ["api.example"], NotBefore = Scene.Now.AddDays(-90), NotAfter = Scene.Now.AddDays(-2) });
        var reason = WithChain(Scene.Alerted(45), ended).Reason();
        reason.Blame.ShouldBe(Blame.Operator);
        reason.Message.ShouldContain(" ago");
        reason.Advice[0].Paste.ShouldBe("countersign -s reload");
    }

    [Fact]
    public void A_name_that_the_server_certificate_does_not_have_is_told() =>
        WithChain(Scene.Alerted(42), Gate(CertificateShape.Server with { DnsNames = ["other.example"] })).Reason()
            .Message.ShouldContain("the client asked for \"api.example\", and the certificate is for other.example");

    [Fact]
    public void The_same_alert_after_the_client_s_own_certificate_is_less_sure() =>
        WithChain(Scene.Alerted(46, HandshakeStage.Done), Gate()).Reason().Confidence.ShouldBe(Confidence.Likely);

    [Fact]
    public void Versions_are_compared_both_ways()
    {
        var handshake = Scene.Failed(258, "unsupported protocol");
        var reason = (handshake with { Hello = handshake.Hello! with { Versions = [0x0302, 0x0301] } }).Reason();
        (reason.Id, reason.Blame, reason.Confidence).ShouldBe(("handshake/protocol-version", Blame.Client, Confidence.Proved));
        reason.Message.ShouldContain("the client offers TLSv1 and TLSv1.1, and server \"api.example\" (nginx.conf:11) speaks TLSv1.2 and TLSv1.3");
    }

    [Fact]
    public void A_client_of_TLS_1_3_alone_is_for_the_operator_to_allow()
    {
        var handshake = Scene.Failed(258, "unsupported protocol");
        var reason = (handshake with { Hello = handshake.Hello! with { Versions = [0x0304] }, Server = handshake.Server with { Protocols = [0x0303] } }).Reason();
        reason.Blame.ShouldBe(Blame.Operator);
        reason.Advice[0].Paste.ShouldBe("ssl_protocols TLSv1.2 TLSv1.3;");
    }

    [Fact]
    public void Suites_that_want_another_kind_of_key_are_told()
    {
        var handshake = WithChain(Scene.Failed(193, "no shared cipher"), Gate());
        var reason = (handshake with { Hello = handshake.Hello! with { Versions = [0x0303], CipherSuites = [0xc02f, 0xc030, 0x00ff] } }).Reason();
        (reason.Id, reason.Blame).ShouldBe(("handshake/no-shared-cipher", Blame.Operator));
        reason.Message.ShouldContain("the client offers ECDHE-RSA-AES128-GCM-SHA256 and ECDHE-RSA-AES256-GCM-SHA384, the gate has ssl_ciphers HIGH:!aNULL:!MD5");
        reason.Message.ShouldContain("want a server key of kind RSA, and the server's is EC P-256");
    }

    [Fact]
    public void Suites_that_are_shared_and_have_no_group_are_no_lack_of_suites()
    {
        var handshake = WithChain(Scene.Failed(193, "no shared cipher"), Gate());
        handshake = handshake with { Server = handshake.Server with { CipherSuites = [0xc02b, 0xc02f, 0x009c], Groups = [0x001d] } };
        var hello = handshake.Hello! with { Versions = [0x0303], CipherSuites = [0xc02b, 0xc02f], Groups = [0x0017] };
        var reason = (handshake with { Hello = hello }).Reason();
        reason.Id.ShouldBe("handshake/no-shared-cipher");
        reason.Message.ShouldContain("have no group for the key exchange in common (no shared cipher): the client offers P-256, the gate has X25519");
        reason.Advice.Select(advice => advice.Paste).ShouldBe(["ssl_ecdh_curve X25519:P-256;", "curl --curves X25519 https://api.example/"]);

        var other = (handshake with { Hello = hello with { Groups = [0x001a] } }).Reason();
        other.Message.ShouldContain("the server's key is EC P-256, and the client takes keys of brainpoolP256r1 only");
        other.Fact("key_wanted").ShouldBe("RSA");
    }

    [Fact]
    public void An_alert_in_the_place_of_a_hello_is_a_client_that_could_make_none()
    {
        var reason = (Scene.Ended(HandshakeEnd.NotTls, HandshakeStage.Hello) with { Hello = null, FirstBytes = new byte[] { 0x15, 3, 1, 0, 2, 2, 80 } }).Reason();
        (reason.Id, reason.Confidence).ShouldBe(("handshake/client-gave-up", Confidence.Proved));
        reason.Message.ShouldContain("sent the alert internal_error (80) in the place of a ClientHello");
    }

    [Theory]
    [InlineData(101, "group for the key exchange", "the client offers X25519")]
    [InlineData(376, "signature algorithm", "the client takes ecdsa_secp256r1_sha256")]
    public void Groups_and_signatures_have_words_of_their_own(int error, string thing, string offered)
    {
        var reason = Scene.Failed(error, "words of libssl").Reason();
        reason.Id.ShouldBe("handshake/no-shared-cipher");
        reason.Message.ShouldContain($"no {thing} in common (words of libssl): {offered}");
    }

    [Fact]
    public void Protocols_of_ALPN_are_compared()
    {
        var handshake = Scene.Failed(235, "no application protocol");
        var reason = (handshake with { Hello = handshake.Hello! with { Alpn = ["h2"] } }).Reason();
        reason.Id.ShouldBe("handshake/no-application-protocol");
        reason.Message.ShouldContain("the client offers h2 in ALPN, and server \"api.example\" (nginx.conf:11) has http/1.1");
    }

    [Fact]
    public void A_complaint_right_after_the_request_for_a_certificate_is_about_it()
    {
        var reason = Scene.Alerted(50).Reason();
        (reason.Id, reason.Confidence).ShouldBe(("handshake/choked-on-certificate-request", Confidence.Possible));
        reason.Message.ShouldContain("the client said decode_error (alert 50) right after server");
    }

    [Fact]
    public void The_same_complaint_without_a_request_is_about_records() =>
        (Scene.Alerted(50) with { WasAsked = false }).Reason().Id.ShouldBe("handshake/bad-record");

    [Fact]
    public void A_browser_that_closes_when_it_is_asked_shows_its_list()
    {
        var reason = (Scene.Ended(HandshakeEnd.Closed) with { Hello = Scene.Hello(Scene.Chrome) }).Reason();
        (reason.Id, reason.Blame, reason.Confidence).ShouldBe(("handshake/browser-paused", Blame.Nobody, Confidence.Likely));
        reason.Fact("could_also_be").ShouldBe(new List<string> { "handshake/client-gave-up" });
    }

    [Fact]
    public void A_program_that_closes_then_gave_up()
    {
        var reason = Scene.Ended(HandshakeEnd.Closed).Reason();
        (reason.Id, reason.Blame, reason.Confidence).ShouldBe(("handshake/client-gave-up", Blame.Client, Confidence.Possible));
        reason.Message.ShouldContain("it may distrust the one or be unable to use the other");
    }

    [Fact]
    public void Not_a_byte_is_a_check_of_the_port()
    {
        var reason = Scene.Ended(HandshakeEnd.Closed, HandshakeStage.Silent).Reason();
        (reason.Id, reason.Blame).ShouldBe(("handshake/client-gave-up", Blame.Nobody));
        Scene.Ended(HandshakeEnd.Reset, HandshakeStage.Silent).Reason().Id.ShouldBe("handshake/client-gave-up");
    }

    [Fact]
    public void A_reset_in_the_middle_is_the_network_s()
    {
        var reason = Scene.Ended(HandshakeEnd.Reset).Reason();
        (reason.Id, reason.Blame, reason.Confidence).ShouldBe(("handshake/connection-reset", Blame.Network, Confidence.Possible));
        reason.Message.ShouldContain("had answered and asked for a certificate (1 name, ");
    }

    [Theory]
    [InlineData(HandshakeStage.Silent, "not one byte had come", Blame.Nobody)]
    [InlineData(HandshakeStage.Hello, "a part of its ClientHello had come", Blame.Network)]
    [InlineData(HandshakeStage.Answered, "a person may be choosing", Blame.Client)]
    [InlineData(HandshakeStage.ClientFlight, "a part of its certificate or signature had come", Blame.Network)]
    public void A_timeout_says_what_was_waited_for(HandshakeStage stage, string words, Blame blame)
    {
        var reason = (Scene.Ended(HandshakeEnd.TimedOut, stage) with { Elapsed = TimeSpan.FromSeconds(60) }).Reason();
        (reason.Id, reason.Blame).ShouldBe(("handshake/timeout", blame));
        reason.Message.ShouldContain("60 s after the client came, and client_header_timeout allows 60 s");
        reason.Message.ShouldContain(words);
    }

    [Fact]
    public void A_rejected_name_is_told_with_the_nearest_one()
    {
        var reason = (Scene.Ended(HandshakeEnd.Rejected, HandshakeStage.Hello) with { Sni = "shopp.example", IsSniKnown = false }).Reason();
        reason.Id.ShouldBe("handshake/unrecognized-name");
        reason.Message.ShouldContain("which is no server_name of this address (the nearest is \"shop.example\")");
        (Scene.Ended(HandshakeEnd.Rejected, HandshakeStage.Hello) with { Sni = null, IsSniKnown = false }).Reason().Blame.ShouldBe(Blame.Client);
    }

    [Fact]
    public void Ech_required_is_about_the_record_in_DNS() => Scene.Alerted(121).Reason().Id.ShouldBe("handshake/ech-mismatch");

    [Fact]
    public void An_encrypted_hello_alone_is_no_mismatch() =>
        (Scene.Ended(HandshakeEnd.Closed) with { Hello = Scene.Hello(Scene.Chrome) with { HasEncryptedHello = true } }).Reason().Id.ShouldBe("handshake/browser-paused");

    [Theory]
    [InlineData(338, "unsafe legacy renegotiation disabled")]
    [InlineData(339, "no renegotiation")]
    public void A_renegotiation_is_told(int error, string words) => Scene.Failed(error, words, HandshakeStage.Done).Reason().Id.ShouldBe("handshake/renegotiation");

    [Theory]
    [InlineData(281, "decryption failed or bad record mac")]
    [InlineData(443, "bad record type")]
    public void A_broken_record_is_told(int error, string words)
    {
        var reason = Scene.Failed(error, words, HandshakeStage.ClientFlight).Reason();
        (reason.Id, reason.Blame, reason.Confidence).ShouldBe(("handshake/bad-record", Blame.Network, Confidence.Likely));
        reason.Message.ShouldContain($"with its certificate and signature is not what TLS has there ({words})");
    }

    [Fact]
    public void A_signature_of_another_key_is_told_with_the_certificate_s()
    {
        var reason = (Scene.Failed(123, "bad signature", HandshakeStage.ClientFlight) with { Leaf = Scene.Facts(Scene.Device) }).Reason();
        (reason.Id, reason.Blame, reason.Confidence).ShouldBe(("certificate/bad-signature", Blame.Client, Confidence.Proved));
        reason.Message.ShouldContain($"key SHA-256 {Scene.Facts(Scene.Device).PublicKeySha256}) and signed the handshake with another key");
    }

    [Fact]
    public void A_signature_of_the_wrong_kind_is_told_with_the_right_ones()
    {
        var reason = (Scene.Failed(370, "wrong signature type", HandshakeStage.ClientFlight) with { Leaf = Scene.Facts(Scene.Device), Version = 0x0304 }).Reason();
        reason.Id.ShouldBe("certificate/wrong-signature-type");
        reason.Message.ShouldContain("in TLSv1.3: the gate takes ecdsa_secp256r1_sha256");
    }

    [Fact]
    public void A_chain_that_is_too_large_is_told_from_another_message_that_is()
    {
        var chain = Scene.Failed(152, "excessive message size", HandshakeStage.ClientFlight) with { IsOverCertificate = true };
        (chain.Reason().Id, chain.Reason().Confidence).ShouldBe(("certificate/message-too-large", Confidence.Proved));
        chain.Reason().Message.ShouldEndWith(" are more than the 102400 bytes that the gate reads");
        Scene.Failed(152, "excessive message size").Reason().Id.ShouldBe("handshake/bad-record");
    }

    [Fact]
    public void A_key_that_libssl_cannot_read_is_of_an_unsupported_algorithm()
    {
        var failed = Scene.Failed(134, "certificate verify failed", HandshakeStage.ClientFlight);
        (failed with { NginxLine = "SSL_do_handshake() failed (SSL: error:0580006C:x509 certificate routines::unable to get certs public key)" })
            .Reason().Id.ShouldBe("certificate/unsupported-algorithm");
        failed.Reason().Id.ShouldBe("handshake/unexplained");
    }

    [Fact]
    public void A_certificate_that_libssl_cannot_read_is_unparsable() =>
        Scene.Failed(524301, "ASN1 lib", HandshakeStage.ClientFlight).Reason().Id.ShouldBe("certificate/unparsable");

    [Fact]
    public void What_libssl_cannot_read_of_a_hello_is_no_certificate() => Scene.Failed(524301, "ASN1 lib").Reason().Id.ShouldBe("handshake/unexplained");

    [Fact]
    public void Whatever_has_no_words_says_so()
    {
        var reason = Scene.Failed(68, "internal error").Reason();
        (reason.Id, reason.Confidence).ShouldBe(("handshake/unexplained", Confidence.Possible));
        reason.Message.ShouldContain("failed: internal error, and nothing that the gate knows says more about it");
    }

    private static Identity Gate(CertificateShape? shape = null) => Scene.Root.Issue("CN=gate", shape ?? CertificateShape.Server with { DnsNames = ["api.example"] });

    private static HandshakeCase WithChain(HandshakeCase handshake, Identity leaf) => handshake with { Server = handshake.Server with { Chain = [Scene.Facts(leaf)] } };
}
