namespace Countersign.EndToEnd;

/// <summary>Every file of samples/ runs, lets a good client through, and nobody else.</summary>
public sealed class Samples
{
    public static TheoryData<string> All() => [.. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "samples"), "*.conf").Select(path => Path.GetFileName(path)!).Order()];

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_sample_lets_the_good_client_through(string sample)
    {
        await using var gate = await Open(sample);
        var answer = await gate.Get("tls");
        answer.ShouldStartWith("HTTP/1.1 200");
        answer.ShouldEndWith("hello");
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_sample_keeps_others_from_the_backend(string sample)
    {
        await using var gate = await Open(sample);
        (await gate.Get("tls", "/", withCertificate: false)).ShouldStartWith("HTTP/1.1 4");
        var stranger = new SClient { Certificate = gate.Pki("stranger.pem"), Key = gate.Pki("stranger.key") };
        var answer = await OpenSsl.Connect(gate.Server.EndPoint("tls"), stranger, "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        answer.Output.ShouldStartWith("HTTP/1.1 4");
        gate.App.TakeRequests().ShouldBeEmpty();
        gate.TlsApp.TakeRequests().ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_sample_passes_the_test(string sample)
    {
        var (code, said, _) = await Gate.Try(Text(sample), "-t", "-g", Globals);
        code.ShouldBe(0, said);
    }

    [Fact]
    public async Task The_websocket_sample_carries_both_ways()
    {
        await using var gate = await Open("websocket.conf");
        gate.App.Handler = async connection =>
        {
            await connection.ReadRequest();
            await connection.Send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
            await connection.Send(await connection.ReadBytes(5) + " back");
            await connection.Stall();
        };
        using var client = await gate.Connect("tls");
        await client.Send("GET /chat HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: x\r\n\r\n");
        (await client.ReadHead()).ShouldStartWith("HTTP/1.1 101");
        await client.Send("hello");
        (await client.ReadExactly(10)).ShouldBe("hello back");
    }

    [Fact]
    public async Task The_optional_sample_has_a_public_corner()
    {
        await using var gate = await Open("optional.conf");
        (await gate.Get("tls", "/public/", withCertificate: false)).ShouldStartWith("HTTP/1.1 200");
    }

    private static string Globals => "daemon off; pid logs/server.pid;" + (Environment.UserName == "root" ? " user root;" : "");

    private static Task<Gate> Open(string sample) => Gate.Open(Text(sample), true, "", "-g", Globals);

    private static string Text(string sample) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "samples", sample))
        .Replace("listen 8443", "listen %%tls%%")
        .Replace("127.0.0.1:8080", "%%app%%")
        .Replace("127.0.0.1:8081", "%%tlsapp%%");
}
