namespace Countersign.EndToEnd.Refusals;

/// <summary>Alerts of a client that no library sends at will.</summary>
public sealed class HandshakeAlerts(HandshakeGround ground) : IClassFixture<HandshakeGround>
{
    private const int UnknownCa = 48, MissingExtension = 109, EchRequired = 121;
    private const int EncryptedClientHello = 0xfe0d;

    [Fact]
    [Refuses("handshake/ech-mismatch")]
    public async Task A_client_whose_hello_was_encrypted_for_somebody_else_says_so()
    {
        var record = await Alerted(EchRequired);
        record.ShouldBe("handshake/ech-mismatch", "operator", "proved", ("sni", "localhost"), ("hello_is_encrypted", true), ("alert_received", "ech_required (121)"))
            .ShouldBeOnPage("handshake/ech-mismatch");
    }

    [Fact]
    [Innocent("handshake/ech-mismatch")]
    [Innocent("handshake/unexplained")]
    public async Task An_encrypted_hello_with_another_alert_is_another_matter() =>
        (await Alerted(UnknownCa)).Id.ShouldBe("handshake/client-distrusts-server");

    [Fact]
    [Refuses("handshake/unexplained")]
    public async Task An_alert_that_points_at_nothing_is_said_to()
    {
        var record = await Alerted(MissingExtension);
        record.ShouldBe("handshake/unexplained", "client", "possible", ("alert_received", "missing_extension (109)")).ShouldBeOnPage("handshake/unexplained");
    }

    private Task<RefusalRecord> Alerted(int alert) => ground.Refused(async client =>
    {
        await client.Begin("localhost", EncryptedClientHello);
        await client.SendAlert(alert);
        await client.ReadToEnd();
    });
}
