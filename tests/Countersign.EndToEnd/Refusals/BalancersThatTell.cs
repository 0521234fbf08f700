using System.Net;
using System.Text;

namespace Countersign.EndToEnd.Refusals;

/// <summary>A listen with proxy_protocol: whoever connects has to begin with the header.</summary>
public sealed class BalancersThatTell(HandshakeGround ground) : IClassFixture<HandshakeGround>
{
    [Fact]
    [Refuses("handshake/broken-proxy-header")]
    public async Task A_client_that_comes_past_the_balancer_begins_with_TLS()
    {
        var record = await ground.Refused(
            async client =>
            {
                await client.SendHello();
                await client.ReadToEnd();
            },
            "behind");
        record.ShouldBe("handshake/broken-proxy-header", "network", "proved", ("began_with", "tls"), ("proxy_protocol", false));
        record.Evidence("first_bytes_hex").ShouldBeOfType<string>().ShouldStartWith("1603");
        record.Nginx.ShouldStartWith("broken header: \"\u0016");
        record.Pastes.ShouldContain($"curl --haproxy-protocol --cert client-chain.pem --key client.key https://localhost:{ground.Gate.Server.EndPoint("behind").Port}/");
        await ground.Gate.Server.ErrorLog.WaitFor($"refused (handshake/broken-proxy-header, incident {record.Incident}): ");
    }

    [Fact]
    [Refuses("handshake/broken-proxy-header")]
    public async Task A_client_that_comes_past_the_balancer_begins_with_HTTP()
    {
        var record = await ground.Refused(client => Send(client, "GET / HTTP/1.1\r\n"), "behind");
        record.ShouldBe("handshake/broken-proxy-header", "network", "proved", ("proxy_protocol", false)).ShouldBeOnPage("handshake/broken-proxy-header");
    }

    [Theory]
    [InlineData("PROXY TCP4 192.0.2.1 192.0.2.2 1 x\r\n", "broken header: \"PROXY TCP4 192.0.2.1 192.0.2.2 1 x\"")]
    [InlineData("\r\n\r\n\0\r\nQUIT\n\x31\x11\0\0", "unknown PROXY protocol version: 3")]
    [Refuses("handshake/broken-proxy-header")]
    public async Task A_balancer_that_sends_a_broken_header_is_told_what_is_wrong(string header, string line)
    {
        var record = await ground.Refused(client => Send(client, header), "behind");
        record.ShouldBe("handshake/broken-proxy-header", "network", "proved", ("began_with", "proxy_protocol"), ("proxy_protocol", true));
        record.Nginx.ShouldBe(line);
    }

    [Fact]
    public async Task A_header_that_ends_in_the_middle_is_broken_and_not_waited_for()
    {
        var record = await ground.Refused(client => client.SendRaw("PROXY TCP4 192."u8.ToArray()), "behind");
        record.Id.ShouldBe("handshake/broken-proxy-header");
        record.Nginx.ShouldBe("broken header: \"PROXY TCP4 192.\"");
    }

    [Fact]
    public async Task A_header_that_does_not_come_whole_in_its_time_is_broken()
    {
        var record = await ground.Refused(client => Send(client, "PROXY TCP4 192."), "behind");
        record.Id.ShouldBe("handshake/broken-proxy-header");
        record.Nginx.ShouldBe("client timed out (110: Connection timed out)");
        record.Message.ShouldContain("(client timed out (110: Connection timed out))");
    }

    [Fact]
    public async Task Who_says_nothing_before_its_time_is_over_has_broken_no_header() =>
        (await ground.Refused(client => client.ReadToEnd(), "behind", IPAddress.Parse("127.0.0.10"))).ShouldBe("handshake/timeout", "nobody", "proved");

    [Fact]
    [Innocent("handshake/broken-proxy-header")]
    public async Task A_client_whose_balancer_tells_of_it_gets_in()
    {
        var client = ground.Client("CN=behind a balancer");
        var port = ground.Port("behind").ToString()!;
        var before = ground.Gate.RefusalLog.Length;
        var result = await CommandLine.Run("curl", ["-sS", "-k", "--haproxy-protocol", "--cert", client.Certificate!, "--key", client.Key!, $"https://{port}/"]);
        result.Output.ShouldStartWith("localhost verify=SUCCESS refusal=.", Case.Sensitive, result.Error);
        ground.Gate.RefusalLog.Length.ShouldBe(before);
    }

    private static async Task Send(HandmadeTls client, string text)
    {
        await client.SendRaw(Encoding.Latin1.GetBytes(text));
        await client.ReadToEnd();
    }
}
