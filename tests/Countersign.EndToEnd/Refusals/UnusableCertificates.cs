using System.Security.Cryptography;

namespace Countersign.EndToEnd.Refusals;

/// <summary>The client sends a certificate, and the handshake ends over it.</summary>
public sealed class UnusableCertificates(HandshakeGround ground) : IClassFixture<HandshakeGround>
{
    [Fact]
    [Refuses("certificate/bad-signature")]
    public async Task A_signature_of_another_key_names_the_certificate_that_it_is_not_of()
    {
        var identity = ground.Root.Issue("CN=mixed up");
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var record = await ground.Refused(client => Present(client, identity, other));
        record.ShouldBe("certificate/bad-signature", "client", "proved", ("certificate_subject", "CN=mixed up"), ("version", "TLSv1.2"))
            .ShouldBeOnPage("certificate/bad-signature");
        record.Text("subject").ShouldBe("CN=mixed up");
        record.Json.GetProperty("presented_count").GetInt32().ShouldBe(1);
        record.Json.GetProperty("alert").GetInt32().ShouldBe(51);
        record.Nginx.ShouldStartWith("SSL_do_handshake() failed (SSL: error:0A00007B:SSL routines::bad signature");
    }

    [Fact]
    [Innocent("certificate/bad-signature")]
    [Innocent("certificate/wrong-signature-type")]
    public async Task A_signature_of_its_own_key_is_good()
    {
        var identity = ground.Root.Issue("CN=itself");
        var record = await ground.Refused(async client =>
        {
            await client.Begin();
            await client.SendCertificates(identity.Certificate.RawData);
            await client.SendKeyExchange();
            await client.SendVerify((ECDsa)identity.Key);
        });
        record.Id.ShouldBe("handshake/client-gave-up", "it closed before its Finished");
    }

    [Fact]
    [Refuses("certificate/wrong-signature-type")]
    public async Task A_scheme_that_the_key_cannot_have_made_is_named()
    {
        const int RsaPss = 0x0804;
        var identity = ground.Root.Issue("CN=wrong scheme");
        var record = await ground.Refused(client => Present(client, identity, (ECDsa)identity.Key, RsaPss));
        record.ShouldBeOnPage("certificate/wrong-signature-type");
        record.Text("subject").ShouldBe("CN=wrong scheme");
        record.List("taken").ShouldContain("ecdsa_secp256r1_sha256");
        record.Nginx.ShouldContain("wrong signature type");
    }

    [Fact]
    [Refuses("certificate/message-too-large")]
    public async Task A_chain_of_more_than_100_KB_is_not_read()
    {
        var record = await ground.Refused(async client =>
        {
            await client.Begin();
            await client.SendCertificateOfLength(200_000);
            await client.ReadToEnd();
        });
        record.ShouldBe("certificate/message-too-large", "client", "proved", ("limit", 102_400), ("version", "TLSv1.2"), ("stage", "client_flight"))
            .ShouldBeOnPage("certificate/message-too-large");
        record.Nginx.ShouldContain("excessive message size");
    }

    [Fact]
    [Refuses("certificate/message-too-large")]
    public async Task In_TLS_1_3_nobody_but_the_gate_can_see_that_it_is_the_certificate()
    {
        var chain = Enumerable.Repeat(Identity.SelfSigned("CN=once more"), 300).ToArray();
        var record = await ground.Gate.Refused(ground.Root.Issue("CN=with a store"), chain);
        record.ShouldBe("certificate/message-too-large", "client", "proved", ("version", "TLSv1.3"));
    }

    [Fact]
    [Innocent("certificate/message-too-large")]
    public async Task A_hello_that_is_as_long_is_no_certificate()
    {
        var record = await ground.Refused(async client =>
        {
            await client.SendHelloOfLength(200_000);
            await client.ReadToEnd();
        });
        record.Id.ShouldBe("handshake/bad-record");
        record.Nginx.ShouldContain("excessive message size");
    }

    [Fact]
    [Innocent("certificate/message-too-large")]
    public async Task A_long_chain_below_that_is_read()
    {
        var many = Enumerable.Range(0, 60).Select(number => Identity.SelfSigned($"CN=authority {number}")).ToArray();
        await ground.Gate.Accepted(ground.Root.Issue("CN=with many"), many);
    }

    [Fact]
    [Refuses("certificate/unparsable")]
    public async Task What_is_no_certificate_ends_the_handshake()
    {
        var record = await ground.Refused(async client =>
        {
            await client.Begin();
            await client.SendCertificates([0x30, 3, 2, 1, 1]);
            await client.ReadToEnd();
        });
        record.ShouldBeOnPage("certificate/unparsable");
        record.Text("subject").ShouldBeNull();
        record.Nginx.ShouldStartWith("SSL_do_handshake() failed (SSL: error:");
    }

    [Fact]
    [Innocent("certificate/unparsable")]
    public Task A_certificate_with_an_unusual_name_is_read() => ground.Gate.Accepted(ground.Root.Issue("CN=\"a, b = c\", O=\u00dcn\u00efc\u00f6de"));

    private static async Task Present(HandmadeTls client, Identity identity, ECDsa key, int scheme = 0x0403)
    {
        await client.Begin();
        await client.SendCertificates(identity.Certificate.RawData);
        await client.SendKeyExchange();
        await client.SendVerify(key, scheme);
        await client.ReadToEnd();
    }
}
