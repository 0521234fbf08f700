using Countersign.Refusals.Tests.NotSent;

namespace Countersign.Refusals.Tests.NotAsked;

/// <summary>Clients who were never asked, or by the wrong server: each cause, and a client close to it that has another.</summary>
public sealed class NotAskedTests
{
    private static readonly NoCertificateCase Misdirected = Scene.Asked with { Status = 421, Handshake = Scene.Server("shop.example"), Sni = "shop.example" };

    private static readonly NoCertificateCase Resumed = Scene.Asked with { WasAsked = false, IsResumed = true, SessionAt = Scene.Now.AddMinutes(-10) };

    [Fact]
    public void Without_a_server_name_the_default_server_led_the_handshake()
    {
        var reason = Scene.NotAsked.Reason();
        (reason.Id, reason.Confidence, reason.Blame).ShouldBe(("not-asked/no-sni", Confidence.Proved, Blame.Client));
        reason.Message.ShouldContain("the default server \"default\" (nginx.conf:7) led it, which has ssl_verify_client off (nginx.conf:8) and did not ask");
        reason.Message.ShouldContain("its Host \"api.example\" belongs to \"api.example\" (nginx.conf:11)");
        reason.Advice[0].Paste.ShouldBe("curl --resolve api.example:443:ADDRESS --cert client-chain.pem --key client.key https://api.example/");
    }

    [Fact]
    public void A_default_server_that_asks_alike_is_not_to_blame() =>
        (Scene.NotAsked with { Handshake = Scene.Server("default", "on", Scene.Root), WasAsked = true }).Reason().Id.ShouldBe("not-sent/not-configured");

    [Fact]
    public void A_default_server_that_asks_by_another_list_misses_who_came_with_a_certificate_of_the_right_one()
    {
        var reason = (Scene.NotAsked with { Handshake = Scene.Server("default", "on", Scene.OtherRoot), WasAsked = true, History = Scene.Came(false, Scene.Device) }).Reason();
        (reason.Id, reason.Confidence).ShouldBe(("not-asked/no-sni", Confidence.Likely));
        reason.Message.ShouldContain("asks by another list than the server of the Host (1 name against 1 name)");
    }

    [Fact]
    public void An_unknown_server_name_is_told_with_the_nearest_one()
    {
        var reason = (Scene.NotAsked with { Sni = "apii.example" }).Reason();
        (reason.Id, reason.Confidence, reason.Blame).ShouldBe(("not-asked/unknown-sni", Confidence.Proved, Blame.Operator));
        reason.Message.ShouldContain("\"apii.example\" in its handshake, which is no server_name of this address (the nearest is \"api.example\")");
        reason.Advice[0].Paste.ShouldBe("server_name api.example apii.example;");
    }

    [Fact]
    public void A_server_name_that_is_like_none_has_no_nearest_one() =>
        (Scene.NotAsked with { Sni = "elsewhere.test" }).Reason().Message.ShouldNotContain("nearest");

    [Fact]
    public void What_a_client_names_is_not_pasted_into_a_command_when_a_shell_would_read_it() =>
        (Scene.NotAsked with { Sni = "a$(reboot).example" }).Reason().Advice[0].Paste.ShouldBe("server_name api.example SERVER_NAME;");

    [Fact]
    public void A_known_server_name_is_not_unknown() =>
        (Scene.NotAsked with { Sni = "default", IsSniKnown = true }).Reason().Id.ShouldBe("not-asked/sni-host-mismatch");

    [Fact]
    public void A_request_for_another_server_than_the_handshake_s_names_both()
    {
        var reason = Misdirected.Reason();
        (reason.Id, reason.Confidence).ShouldBe(("not-asked/sni-host-mismatch", Confidence.Proved));
        reason.Message.ShouldContain("the handshake was for \"shop.example\", answered by \"shop.example\" (nginx.conf:12), and the request's Host is \"api.example\"");
    }

    [Fact]
    public void A_later_request_for_another_name_of_the_same_certificate_came_on_a_shared_connection()
    {
        var reason = Shared(2, "shop.example", "*.example").Reason();
        (reason.Id, reason.Confidence, reason.Blame).ShouldBe(("not-asked/connection-coalesced", Confidence.Likely, Blame.Operator));
        reason.Message.ShouldStartWith("request 2 of a connection that was opened for \"shop.example\"");
    }

    [Fact]
    public void The_first_request_shares_nothing() => Shared(1, "*.example").Reason().Id.ShouldBe("not-asked/sni-host-mismatch");

    [Fact]
    public void A_name_that_the_certificate_does_not_have_is_not_shared() => Shared(2, "shop.example", "*.deep.example").Reason().Id.ShouldBe("not-asked/sni-host-mismatch");

    [Fact]
    public void Whoever_was_verified_by_the_default_server_is_not_verified_for_another()
    {
        var reason = (Misdirected with { Sni = null, IsSniKnown = false, Handshake = Scene.Server("default", "on", Scene.OtherRoot), Leaf = Scene.Facts(Scene.Device) }).Reason();
        (reason.Id, reason.Confidence).ShouldBe(("not-asked/cross-trust", Confidence.Proved));
        reason.Message.ShouldContain($"verified its certificate \"CN=device-7\" of \"{Scene.Facts(Scene.Root).Subject}\" against clients.pem (nginx.conf:7)");
        reason.Fact("wanted_names").ShouldBe(new List<string> { Scene.Facts(Scene.Root).Subject.ToString() });
    }

    [Fact]
    public void A_server_without_a_certificate_has_its_handshakes_under_the_default_server()
    {
        var bare = Scene.Server("api.example") with { CertificateAt = "" };
        var reason = (Scene.Asked with { WasAsked = false, Handshake = bare, Addressed = bare }).Reason();
        (reason.Id, reason.Confidence, reason.Blame).ShouldBe(("not-asked/verification-off", Confidence.Proved, Blame.Operator));
        reason.Message.ShouldContain("no ssl_certificate of its own");
    }

    [Fact]
    public void A_server_with_a_certificate_that_did_not_ask_is_less_sure() =>
        (Scene.Asked with { WasAsked = false }).Reason().ShouldBeOfType<VerificationOff>().Confidence.ShouldBe(Confidence.Likely);

    [Fact]
    public void A_resumed_session_without_certificate_is_told_with_its_age()
    {
        var reason = (Resumed with { LoadedAt = Scene.Now.AddMinutes(-5) }).Reason();
        (reason.Id, reason.Confidence).ShouldBe(("not-asked/resumed-without-certificate", Confidence.Proved));
        reason.Message.ShouldContain("(600 s ago) that was made without a certificate");
        reason.Message.ShouldContain("the configuration was loaded since");
    }

    [Fact]
    public void A_session_that_is_resumed_where_the_default_server_does_not_ask_would_not_be_asked_either() =>
        (Scene.NotAsked with { IsResumed = true }).Reason().Id.ShouldBe("not-asked/no-sni");

    [Fact]
    public void A_connection_that_is_older_than_the_configuration_was_not_asked()
    {
        var reason = (Resumed with { IsByNewPlan = true, Handshake = Scene.Server("api.example", "off") }).Reason();
        (reason.Id, reason.Blame).ShouldBe(("not-asked/resumed-under-old-policy", Blame.Nobody));
        reason.Message.ShouldContain("had ssl_verify_client off");
    }

    [Fact]
    public void A_session_of_the_configuration_in_force_is_not_of_an_old_one() => Resumed.Reason().Id.ShouldBe("not-asked/resumed-without-certificate");

    [Fact]
    public void Headers_of_a_balancer_say_that_TLS_ended_before_the_gate()
    {
        var reason = (Scene.Asked with { Request = Scene.Asked.Request with { AddedInFront = ["CF-Ray"], ForwardedFor = "192.0.2.1" } }).Reason();
        (reason.Id, reason.Confidence, reason.Blame).ShouldBe(("not-asked/tls-terminated-in-front", Confidence.Likely, Blame.Network));
        reason.Message.ShouldStartWith("the request has CF-Ray and X-Forwarded-For");
    }

    [Fact]
    public void A_PROXY_protocol_header_says_nothing_of_the_kind() => (Scene.Asked with { HasProxyHeader = true }).Reason().Id.ShouldBe("not-sent/not-configured");

    [Fact]
    public void X_Forwarded_For_alone_is_one_of_several_that_fit()
    {
        var reason = (Scene.Asked with { Request = Scene.Asked.Request with { ForwardedFor = "192.0.2.1" } }).Reason();
        (reason.Id, reason.Confidence).ShouldBe(("not-asked/tls-terminated-in-front", Confidence.Possible));
        reason.Fact("could_also_be").ShouldBe(new List<string> { "not-sent/not-configured" });
    }

    [Fact]
    public void Plain_HTTP_is_the_client_s()
    {
        var reason = (Scene.NotAsked with { Status = 497, Hello = null }).Reason();
        (reason.Id, reason.Blame, reason.Confidence).ShouldBe(("not-asked/plain-http", Blame.Client, Confidence.Proved));
        reason.Advice[0].Paste.ShouldEndWith(" https://api.example/");
    }

    [Fact]
    public void Plain_HTTP_that_was_relayed_is_the_relay_s() =>
        (Scene.NotAsked with { Status = 497, Request = Scene.Asked.Request with { ForwardedFor = "192.0.2.1" } }).Reason().Blame.ShouldBe(Blame.Network);

    [Fact]
    public void Early_data_came_before_a_certificate_could()
    {
        var reason = (Scene.Asked with { Request = Scene.Asked.Request with { IsEarly = true }, History = Scene.Came(false, Scene.Device) }).Reason();
        (reason.Id, reason.Confidence).ShouldBe(("not-asked/early-data", Confidence.Likely));
        reason.Message.ShouldContain("the same client came with \"CN=device-7\"");
    }

    [Fact]
    public void A_client_that_offers_early_data_has_not_sent_any() =>
        (Scene.Asked with { Hello = Scene.Hello(Scene.OpenSsl) with { HasEarlyData = true } }).Reason().Id.ShouldBe("not-sent/not-configured");

    [Fact]
    public void A_preflight_never_has_a_certificate()
    {
        var reason = (Scene.Asked with { Request = new RequestFacts { Method = "OPTIONS", Host = "api.example", Origin = "https://shop.example", PreflightMethod = "PUT" } }).Reason();
        (reason.Id, reason.Confidence, reason.Blame).ShouldBe(("not-asked/cors-preflight", Confidence.Proved, Blame.Operator));
        reason.Message.ShouldContain("Origin \"https://shop.example\", Access-Control-Request-Method \"PUT\"");
    }

    [Fact]
    public void OPTIONS_of_a_program_is_no_preflight() =>
        (Scene.Asked with { Request = Scene.Asked.Request with { Method = "OPTIONS", Origin = "https://shop.example" } }).Reason().Id.ShouldBe("not-sent/not-configured");

    [Theory]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n", Blame.Client, "an SSH client's: \"SSH-2.0-OpenSSH_9.2\\x0d\\x0a\"")]
    [InlineData("PROXY TCP4 192.0.2.1 192.0.2.2 4711 443\r\n", Blame.Operator, "a PROXY protocol header, and no listen of this address has proxy_protocol")]
    [InlineData("GET http", Blame.Client, "HTTP without TLS")]
    [InlineData("\u0003\0\0\u0013", Blame.Client, "no TLS: \"\\x03\\x00\\x00\\x13\"")]
    public void What_is_no_TLS_is_named_by_its_first_bytes(string bytes, Blame blame, string words)
    {
        var reason = (Scene.Ended(HandshakeEnd.NotTls, HandshakeStage.Hello) with { Hello = null, FirstBytes = System.Text.Encoding.Latin1.GetBytes(bytes) }).Reason();
        (reason.Id, reason.Blame).ShouldBe(("not-asked/not-tls", blame));
        reason.Message.ShouldContain(words);
    }

    [Fact]
    public void A_record_of_TLS_that_is_broken_is_TLS() =>
        (Scene.Failed(267, "wrong version number") with { Hello = null }).Reason().Id.ShouldBe("handshake/bad-record");

    private static NoCertificateCase Shared(int number, params string[] names)
    {
        var leaf = Scene.Root.Issue("CN=gate", CertificateShape.Server with { DnsNames = names });
        return Misdirected with
        {
            Handshake = Misdirected.Handshake with { Chain = [Scene.Facts(leaf)] },
            Request = Misdirected.Request with { Number = number },
        };
    }
}
