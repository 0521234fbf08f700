using System.Text.Json;

namespace Countersign.EndToEnd.Refusals;

/// <summary>What is kept of a refused client's handshake: what it said first, what it was asked, and when.</summary>
public sealed class HandshakeAccounts(HandshakeGround ground) : IClassFixture<HandshakeGround>
{
    [Fact]
    public async Task An_incident_tells_how_the_handshake_of_a_client_without_a_certificate_went()
    {
        var record = await ground.Gate.Refused(new SClient());
        record.Nginx.ShouldBe("client sent no required SSL certificate");
        record.Json.GetProperty("status").GetInt32().ShouldBe(496);

        var handshake = await Handshake(record);
        handshake.GetProperty("version").GetString().ShouldBe("TLSv1.3");
        handshake.GetProperty("asked").GetBoolean().ShouldBeTrue();
        handshake.GetProperty("resumed").GetBoolean().ShouldBeFalse();
        handshake.GetProperty("hello_sni").GetString().ShouldBe("localhost");
        handshake.GetProperty("ja4").GetString().ShouldStartWith("t13d");
        handshake.GetProperty("request_authorities").GetInt32().ShouldBe(1);
        handshake.GetProperty("request_authority_bytes").GetInt32().ShouldBe(ground.Root.Certificate.SubjectName.RawData.Length + 2);
        handshake.GetProperty("request_signature_algorithms").EnumerateArray().Select(name => name.GetString()).ShouldContain("ecdsa_secp256r1_sha256");
        var times = new[] { "first_byte_ms", "hello_ms", "flight_ms", "answer_ms", "end_ms" }.Select(name => handshake.GetProperty(name).GetInt64()).ToList();
        times.ShouldBe([.. times.Order()]);

        var text = await Incident(record);
        text.ShouldContain("\n  Handshake\n");
        text.ShouldContain(handshake.GetProperty("ja4").GetString()!);
    }

    [Fact]
    public async Task A_refused_certificate_has_the_same_account()
    {
        var handshake = await Handshake(await ground.Gate.Refused(Identity.SelfSigned("CN=nobody", CertificateShape.Client)));
        handshake.GetProperty("asked").GetBoolean().ShouldBeTrue();
        handshake.GetProperty("ja4").GetString().ShouldStartWith("t13d");
    }

    [Fact]
    public async Task Of_a_handshake_that_failed_there_are_the_times_until_then()
    {
        var handshake = await Handshake(await ground.Gate.Refused(ground.Client("CN=too old", "-tls1_1")));
        handshake.GetProperty("hello_versions").EnumerateArray().Select(name => name.GetString()).ShouldBe(["TLSv1.1"]);
        handshake.TryGetProperty("flight_ms", out _).ShouldBeFalse();
    }

    private async Task<JsonElement> Handshake(RefusalRecord record) => JsonDocument.Parse(await Incident(record, "--json")).RootElement.GetProperty("handshake");

    private async Task<string> Incident(RefusalRecord record, params string[] more)
    {
        var result = await CommandLine.Run(
            ServerProgram.Countersign.Require(), ["incident", record.Incident, "-c", ground.Gate.Server.ConfigurationPath, "-p", ground.Gate.Server.Prefix, .. more]);
        result.ExitCode.ShouldBe(0, result.Both);
        return result.Output;
    }
}
