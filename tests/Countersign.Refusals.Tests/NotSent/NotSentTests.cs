using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;

namespace Countersign.Refusals.Tests.NotSent;

/// <summary>Clients who were asked and sent none: each cause, and a client close to it that has another.</summary>
public sealed class NotSentTests
{
    private static readonly ClientHistory CameOfOther = Scene.Came(true, Scene.OtherRoot.Issue("CN=device-8"));

    [Fact]
    public void Without_any_sign_the_client_has_none()
    {
        var reason = Scene.Asked.Reason();
        (reason.Id, reason.Confidence, reason.Blame).ShouldBe(("not-sent/not-configured", Confidence.Likely, Blame.Client));
        reason.Message.ShouldContain("the client (OpenSSL) answered after 0.021 s, with a round trip of 0.02 s, that it has none");
        reason.Fact("could_also_be").ShouldBeNull();
    }

    [Fact]
    public void A_client_that_picks_by_the_list_may_have_one_that_is_not_in_it()
    {
        var reason = (Scene.Asked with { Hello = Scene.Hello(Scene.Go) }).Reason();
        (reason.Id, reason.Confidence).ShouldBe(("not-sent/not-configured", Confidence.Possible));
        reason.Message.ShouldContain("Go sends a certificate only if its chain leads to one of its names, byte for byte");
        reason.Fact("could_also_be").ShouldBe(new List<string> { "not-sent/issuer-not-advertised" });
    }

    [Fact]
    public void An_issuer_that_left_the_list_with_a_reload_is_missed_by_who_came_before_it()
    {
        var reason = (Scene.Asked with { History = CameOfOther }).Reason();
        (reason.Id, reason.Confidence, reason.Blame).ShouldBe(("not-sent/issuer-not-advertised", Confidence.Likely, Blame.Operator));
        reason.Message.ShouldContain($"and the list that server \"api.example\" (nginx.conf:11) sends (1 name: \"{Scene.Facts(Scene.Root).Subject}\") does not have that issuer");
        reason.Message.ShouldContain("the configuration was loaded after that");
    }

    [Fact]
    public void Without_a_reload_in_between_it_is_only_possible() =>
        (Scene.Asked with { History = CameOfOther with { LeafAt = Scene.Now.AddDays(-1) } }).Reason().Confidence.ShouldBe(Confidence.Possible);

    [Fact]
    public void An_issuer_that_is_in_the_list_is_not_missed() =>
        (Scene.Asked with { History = Scene.Came(true, Scene.Device) }).Reason().Id.ShouldBe("not-sent/not-configured");

    [Fact]
    public void Curl_sends_what_it_has_whatever_the_list() =>
        (Scene.Asked with { History = CameOfOther, Request = Scene.Asked.Request with { UserAgent = "curl/8.5.0" } }).Reason().Id.ShouldBe("not-sent/not-configured");

    [Fact]
    public void An_issuer_that_is_trusted_without_being_named_is_the_operator_s()
    {
        var server = Scene.Server("api.example");
        server = server with { Trust = server.Trust with { Certificates = [.. server.Trust.Certificates, new TrustedCertificate(Scene.Facts(Scene.OtherRoot), "others.pem", false)] } };
        (Scene.Asked with { History = CameOfOther, Handshake = server, Addressed = server }).Reason().Message.ShouldContain("by ssl_trusted_certificate, whose names clients are not told");
    }

    [Fact]
    public void The_same_name_in_other_bytes_is_not_the_same_for_a_client()
    {
        var reason = (Scene.Asked with { Hello = Scene.Hello(Scene.Go), Handshake = OtherEncoding(), Addressed = OtherEncoding(), History = Scene.Came(false, Printable.Issue("CN=device-9")) }).Reason();
        (reason.Id, reason.Confidence, reason.Blame).ShouldBe(("not-sent/issuer-name-encoding", Confidence.Likely, Blame.Operator));
        reason.Message.ShouldContain("PrintableString \"Encoded\" in the certificate, UTF8String \"Encoded\" in the list");
    }

    [Fact]
    public void Java_compares_names_and_not_bytes() =>
        (Scene.Asked with { Hello = Scene.Hello(Scene.Java), Handshake = OtherEncoding(), Addressed = OtherEncoding(), History = Scene.Came(false, Printable.Issue("CN=device-9")) })
            .Reason().Id.ShouldBe("not-sent/not-configured");

    [Fact]
    public void A_certificate_without_its_intermediate_does_not_lead_to_the_root_in_the_list()
    {
        var (leaf, _, request) = Below();
        var reason = (request with { History = Scene.Came(false, leaf) }).Reason();
        (reason.Id, reason.Confidence, reason.Blame).ShouldBe(("not-sent/chain-not-linkable", Confidence.Likely, Blame.Client));
        reason.Message.ShouldContain("has \"");
        reason.Advice[1].Text.ShouldContain("append \"CN=Branch\"");
    }

    [Fact]
    public void With_its_intermediate_it_does()
    {
        var (leaf, branch, request) = Below();
        (request with { History = Scene.Came(false, leaf, branch) }).Reason().Id.ShouldBe("not-sent/not-configured");
    }

    [Fact]
    public void Nothing_in_common_to_sign_with_is_proved()
    {
        var reason = (Scene.Asked with { Hello = Scene.Hello(Scene.OpenSsl, 0x0807, 0x0808) }).Reason();
        (reason.Id, reason.Confidence).ShouldBe(("not-sent/no-common-signature-algorithm", Confidence.Proved));
        reason.Message.ShouldContain("none is common; only the client takes ed25519 and ed448, only the gate ecdsa_secp256r1_sha256");
    }

    [Fact]
    public void A_key_that_was_seen_and_cannot_sign_with_what_is_common_is_likely()
    {
        var reason = (Scene.Asked with { Hello = Scene.Hello(Scene.OpenSsl, Scene.Rsa), History = Scene.Came(false, Scene.Device) }).Reason();
        (reason.Id, reason.Confidence).ShouldBe(("not-sent/no-common-signature-algorithm", Confidence.Likely));
        reason.Message.ShouldContain("(EC P-256), which it sent before, cannot sign in TLSv1.3");
    }

    [Fact]
    public void A_client_that_leaves_a_kind_of_key_out_may_have_one_of_it()
    {
        var reason = (Scene.Asked with { Hello = Scene.Hello(Scene.OpenSsl, Scene.Rsa) }).Reason();
        (reason.Id, reason.Confidence).ShouldBe(("not-sent/no-common-signature-algorithm", Confidence.Possible));
        reason.Message.ShouldContain("with which no EC P-256 key can sign");
        reason.Fact("could_also_be").ShouldBe(new List<string> { "not-sent/not-configured" });
    }

    [Fact]
    public void PKCS1_signs_in_TLS_1_2_only()
    {
        (Scene.Asked with { Hello = Scene.Hello(Scene.OpenSsl, Scene.P256, Scene.Pkcs1), Version = 0x0303 }).Reason().Id.ShouldBe("not-sent/not-configured");
        (Scene.Asked with { Hello = Scene.Hello(Scene.OpenSsl, Scene.P256, Scene.Pkcs1) }).Reason().Id.ShouldBe("not-sent/no-common-signature-algorithm");
    }

    [Fact]
    public void A_certificate_that_has_ended_is_held_back_by_a_browser()
    {
        var ended = Scene.Root.Issue("CN=ended", CertificateShape.Client with { NotBefore = Scene.Now.AddDays(-30), NotAfter = Scene.Now.AddDays(-1) });
        var reason = (Scene.Asked with { Hello = Scene.Hello(Scene.Firefox), History = Scene.Came(true, ended) }).Reason();
        (reason.Id, reason.Confidence).ShouldBe(("not-sent/filtered-by-client", Confidence.Likely));
        (Scene.Asked with { History = Scene.Came(true, ended) }).Reason().Confidence.ShouldBe(Confidence.Possible);
    }

    [Fact]
    public void A_certificate_for_servers_is_held_back()
    {
        var server = Scene.Root.Issue("CN=server", CertificateShape.Server);
        (Scene.Asked with { History = Scene.Came(true, server) }).Reason().Message.ShouldContain("is for serverAuth and not for clientAuth");
    }

    [Fact]
    public void A_person_at_a_browser_takes_seconds()
    {
        var reason = (Scene.Asked with { Hello = Scene.Hello(Scene.Chrome), AnsweredAfter = TimeSpan.FromSeconds(4.2) }).Reason();
        (reason.Id, reason.Confidence).ShouldBe(("not-sent/user-cancelled", Confidence.Likely));
        reason.Message.ShouldStartWith("Chrome took 4.2 s to answer that it has no certificate, with a round trip of 0.02 s");
    }

    [Fact]
    public void A_pause_of_less_than_four_seconds_is_no_proof_of_a_person()
    {
        var pause = TimeSpan.FromSeconds(3.9);
        var browser = Scene.Asked with { Hello = Scene.Hello(Scene.Chrome), AnsweredAfter = pause };
        var program = Scene.Asked with { AnsweredAfter = pause, History = Scene.Came(false, Scene.Device) };
        var again = Scene.Asked with { Hello = Scene.Hello(Scene.Firefox), History = new ClientHistory { EmptyAt = Scene.Now.AddHours(-1), EmptyAfter = pause } };
        Reason[] reasons = [browser.Reason(), program.Reason(), again.Reason()];
        reasons.Select(reason => (reason.Id, reason.Confidence)).ShouldBe(
            [("not-sent/user-cancelled", Confidence.Possible), ("not-sent/key-unavailable", Confidence.Possible), ("not-sent/remembered-choice", Confidence.Possible)]);
        reasons[2].Message.ShouldNotContain("a person chose none");
    }

    [Fact]
    public void A_browser_that_closed_to_ask_came_back_with_nothing() =>
        (Scene.Asked with { Hello = Scene.Hello(Scene.Chrome), History = new ClientHistory { ClosedAt = Scene.Now.AddSeconds(-9) } })
            .Reason().ShouldBeOfType<UserCancelled>().Message.ShouldContain("came back 9 s later without a certificate");

    [Fact]
    public void A_slow_network_is_no_person() =>
        (Scene.Asked with { Hello = Scene.Hello(Scene.Chrome), AnsweredAfter = TimeSpan.FromSeconds(2.5), RoundTrip = TimeSpan.FromSeconds(0.7) }).Reason().Id.ShouldBe("not-sent/not-configured");

    [Fact]
    public void A_program_that_takes_seconds_waited_for_its_key()
    {
        var reason = (Scene.Asked with { AnsweredAfter = TimeSpan.FromSeconds(4.2), History = Scene.Came(false, Scene.Device) }).Reason();
        (reason.Id, reason.Confidence).ShouldBe(("not-sent/key-unavailable", Confidence.Likely));
        (Scene.Asked with { AnsweredAfter = TimeSpan.FromSeconds(4.2) }).Reason().Confidence.ShouldBe(Confidence.Possible);
    }

    [Fact]
    public void Somebody_who_waits_is_not_sorted_out_by_names() =>
        (Scene.Asked with { AnsweredAfter = TimeSpan.FromSeconds(4.2), Hello = Scene.Hello(Scene.Go), History = CameOfOther }).Reason().Id.ShouldBe("not-sent/key-unavailable");

    [Fact]
    public void A_browser_remembers_what_a_person_chose()
    {
        var reason = (Scene.Asked with { Hello = Scene.Hello(Scene.Firefox), History = new ClientHistory { EmptyAt = Scene.Now.AddHours(-1), EmptyAfter = TimeSpan.FromSeconds(6) } }).Reason();
        (reason.Id, reason.Confidence).ShouldBe(("not-sent/remembered-choice", Confidence.Likely));
        reason.Message.ShouldContain("after 6 s: a person chose none then");
    }

    [Fact]
    public void A_program_remembers_nothing() =>
        (Scene.Asked with { History = new ClientHistory { EmptyAt = Scene.Now.AddHours(-1), EmptyAfter = TimeSpan.FromSeconds(6) } }).Reason().Id.ShouldBe("not-sent/not-configured");

    [Fact]
    public void A_font_is_fetched_without_credentials()
    {
        var reason = (Fetched("font", "")).Reason();
        (reason.Id, reason.Confidence).ShouldBe(("not-sent/credentials-omitted", Confidence.Likely));
        reason.Advice[0].Paste.ShouldBe("crossorigin=\"use-credentials\"");
    }

    [Fact]
    public void A_fetch_of_another_origin_may_leave_credentials_out() =>
        Fetched("empty", "https://shop.example").Reason().ShouldBeOfType<CredentialsOmitted>().Confidence.ShouldBe(Confidence.Possible);

    [Fact]
    public void A_page_that_a_person_opens_has_its_credentials() =>
        (Scene.Asked with { Hello = Scene.Hello(Scene.Firefox), Request = Scene.Asked.Request with { FetchMode = "navigate", FetchDestination = "document" } }).Reason().Id.ShouldBe("not-sent/not-configured");

    [Fact]
    public void A_certificate_for_another_server_that_would_do_here_may_be_kept_for_it()
    {
        var reason = (Scene.Asked with { History = Scene.Came(false, Scene.Device) with { LeafServer = "shop.example" } }).Reason();
        (reason.Id, reason.Confidence).ShouldBe(("not-sent/not-selected-for-host", Confidence.Possible));
        reason.Message.ShouldContain("to server \"shop.example\"");
    }

    [Fact]
    public void A_browser_s_name_on_another_library_s_handshake_is_an_inspecting_proxy()
    {
        var reason = (Scene.Asked with { Request = Scene.Asked.Request with { UserAgent = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0" } }).Reason();
        (reason.Id, reason.Blame).ShouldBe(("not-sent/client-side-proxy", Blame.Network));
        reason.Message.ShouldContain("is a browser's, and the handshake is that of OpenSSL");
    }

    [Fact]
    public void Via_says_so_outright() =>
        (Scene.Asked with { Request = Scene.Asked.Request with { AddedInFront = ["Via"] } }).Reason().ShouldBeOfType<ClientSideProxy>().Confidence.ShouldBe(Confidence.Likely);

    [Fact]
    public void A_browser_by_both_is_a_browser() =>
        (Scene.Asked with { Hello = Scene.Hello(Scene.Firefox), Request = Scene.Asked.Request with { UserAgent = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0" } })
            .Reason().Id.ShouldBe("not-sent/not-configured");

    [Fact]
    public void A_list_of_more_than_one_record_may_be_too_large()
    {
        var large = Listing(300);
        var reason = (Scene.Asked with { Handshake = large, Addressed = large }).Reason();
        (reason.Id, reason.Confidence, reason.Blame).ShouldBe(("not-sent/advertised-list-too-large", Confidence.Possible, Blame.Operator));
        reason.Message.ShouldContain($"sends its clients a list of 300 names, {large.AdvertisedBytes} bytes where one TLS record has 16384");
    }

    [Fact]
    public void A_list_of_one_record_is_not() =>
        (Scene.Asked with { Handshake = Listing(100), Addressed = Listing(100) }).Reason().Id.ShouldBe("not-sent/not-configured");

    [Theory]
    [InlineData("Java")]
    [InlineData("Go")]
    [InlineData("GnuTLS")]
    [InlineData("Chrome")]
    [InlineData("Firefox")]
    [InlineData("OpenSSL")]
    public void A_library_is_known_by_its_hello(string name) => ClientGuess.OfHello(Scene.Hello(name switch
    {
        "Java" => Scene.Java,
        "Go" => Scene.Go,
        "GnuTLS" => Scene.GnuTls,
        "Chrome" => Scene.Chrome,
        "Firefox" => Scene.Firefox,
        _ => Scene.OpenSsl,
    })).Name.ShouldBe(name);

    [Fact]
    public void A_program_on_GnuTLS_sends_what_it_likes_and_wget_what_the_list_names()
    {
        var hello = Scene.Hello(Scene.GnuTls);
        var program = ClientGuess.Of("", hello);
        (program.PicksByList, program.SendsWhatItHas).ShouldBe((false, false));
        ClientGuess.Of("Wget/1.21.3", hello).ShouldBe(new ClientGuess("Wget", ClientStack.Named("GnuTLS")));
    }

    [Fact]
    public void A_wget_that_is_built_on_OpenSSL_does_not_pick_by_the_list() =>
        ClientGuess.Of("Wget/1.21.3", Scene.Hello(Scene.OpenSsl)).PicksByList.ShouldBeFalse();

    private static NoCertificateCase Fetched(string destination, string origin) => Scene.Asked with
    {
        Hello = Scene.Hello(Scene.Firefox),
        Request = Scene.Asked.Request with { FetchMode = "cors", FetchDestination = destination, Origin = origin },
    };

    private static (Identity Leaf, Identity Branch, NoCertificateCase Request) Below()
    {
        var branch = Scene.Root.Issue("CN=Branch", CertificateShape.Authority);
        var server = Scene.Server("api.example");
        server = server with { Trust = server.Trust with { Certificates = [.. server.Trust.Certificates, new TrustedCertificate(Scene.Facts(branch), "others.pem", false)] } };
        return (branch.Issue("CN=below"), branch, Scene.Asked with { Hello = Scene.Hello(Scene.Go), Handshake = server, Addressed = server });
    }

    private static readonly Identity Printable = Identity.SelfSigned("CN=Encoded");

    /// <summary>A server that names the same authority with its name as UTF8String.</summary>
    private static GateFacts OtherEncoding()
    {
        var facts = Scene.Facts(Printable);
        facts.Subject.Raw.Span.IndexOf((byte)UniversalTagNumber.PrintableString).ShouldBeGreaterThan(0);
        var raw = facts.Subject.Raw.ToArray();
        raw[Array.IndexOf(raw, (byte)UniversalTagNumber.PrintableString)] = (byte)UniversalTagNumber.UTF8String;
        var server = Scene.Server("api.example");
        return server with { Trust = server.Trust with { Certificates = [new TrustedCertificate(facts with { Subject = facts.Subject with { Raw = raw } }, "clients.pem", true)] } };
    }

    private static GateFacts Listing(int count)
    {
        var root = Scene.Facts(Scene.Root);
        var server = Scene.Server("api.example");
        return server with
        {
            Trust = server.Trust with
            {
                Certificates =
                [
                    .. Enumerable.Range(0, count).Select(number => new X500DistinguishedName($"CN=Authority {number:0000},O=An organisation with quite a long name,C=DE"))
                        .Select(name => new TrustedCertificate(root with { Subject = new DistinguishedName(name.RawData, name.Name, name.Name) }, "clients.pem", true)),
                ],
            },
        };
    }
}
