using Countersign.Commands;
using Countersign.Commands.Probe;

namespace Countersign.Tests.Probe;

public sealed class ProbeTargetTests
{
    [Theory]
    [InlineData("gate.example", "gate.example", 443)]
    [InlineData("gate.example:8443", "gate.example", 8443)]
    [InlineData("192.0.2.1:8443", "192.0.2.1", 8443)]
    [InlineData("[2001:db8::1]:8443", "2001:db8::1", 8443)]
    [InlineData("[2001:db8::1]", "2001:db8::1", 443)]
    [InlineData("2001:db8::1", "2001:db8::1", 443)]
    [InlineData("https://gate.example/", "gate.example", 443)]
    [InlineData("https://gate.example:8443/path?x", "gate.example", 8443)]
    [InlineData("gate.example/path", "gate.example", 443)]
    public void What_people_type_for_a_server_is_understood(string text, string host, int port) =>
        ProbeTarget.Parse(text).ShouldBe(new ProbeTarget(host, port));

    [Theory]
    [InlineData("https://gate.example:8443/path?x", "/path?x")]
    [InlineData("gate.example:8443/path", "/path")]
    [InlineData("https://gate.example/", null)]
    [InlineData("gate.example:8443", null)]
    public void A_URL_asks_for_its_path(string text, string? path) => ProbeTarget.PathOf(text).ShouldBe(path);

    [Theory]
    [InlineData("")]
    [InlineData(":443")]
    [InlineData("gate.example:")]
    [InlineData("gate.example:0")]
    [InlineData("gate.example:65536")]
    [InlineData("gate.example:+1")]
    [InlineData("gate example:443")]
    public void What_is_no_server_is_a_slip(string text) =>
        Should.Throw<UsageException>(() => ProbeTarget.Parse(text)).Next.ShouldBe("countersign probe gate.example:443");

    [Theory]
    [InlineData("gate.example:443", "gate.example")]
    [InlineData("gate.example:8443", "gate.example:8443")]
    [InlineData("[2001:db8::1]:8443", "[2001:db8::1]:8443")]
    public void The_Host_has_the_port_that_is_not_meant_anyway(string text, string authority)
    {
        var target = ProbeTarget.Parse(text);
        target.Authority(target.Host).ShouldBe(authority);
    }

    [Fact]
    public void A_server_name_that_no_handshake_has_room_for_is_a_slip()
    {
        ProbeOptions.Name(new string('a', 255)).Length.ShouldBe(255);
        Should.Throw<UsageException>(() => ProbeOptions.Name(new string('a', 256))).Message.ShouldBe("a server name has at most 255 characters, and this one has 256");
    }

    [Fact]
    public void A_key_is_no_certificate()
    {
        using var folder = new TemporaryFolder();
        using var client = Identity.SelfSigned("CN=client");
        var file = folder.Write("client.key", client.KeyPem);
        var fault = Should.Throw<UsageException>(() => ProbeCertificate.Read(file, null, null));
        fault.Message.ShouldBe($"--cert {file} has a private key and no certificate");
        fault.Next.ShouldEndWith($" --cert client.pem --key {file}");
    }

    [Fact]
    public void A_certificate_in_DER_is_turned_into_PEM_as_what_it_is()
    {
        using var folder = new TemporaryFolder();
        using var client = Identity.SelfSigned("CN=client");
        var file = Path.Combine(folder.Path, "client.der");
        File.WriteAllBytes(file, client.Certificate.RawData);
        Should.Throw<UsageException>(() => ProbeCertificate.Read(file, null, null)).Next.ShouldStartWith($"openssl x509 -in {file} -out client.pem");
    }

    [Theory]
    [InlineData("10s", 10_000)]
    [InlineData("500ms", 500)]
    [InlineData("1m", 60_000)]
    [InlineData("2.5", 2_500)]
    public void Times_have_units(string text, int milliseconds) => ProbeOptions.Time(text).ShouldBe(TimeSpan.FromMilliseconds(milliseconds));

    [Theory]
    [InlineData("")]
    [InlineData("0s")]
    [InlineData("-1s")]
    [InlineData("11m")]
    [InlineData("1h")]
    [InlineData("sm")]
    public void Other_times_are_a_slip(string text) => Should.Throw<UsageException>(() => ProbeOptions.Time(text));
}
