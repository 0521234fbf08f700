namespace Countersign.EndToEnd;

/// <summary>The commands that people type to check a gate.</summary>
public sealed class AsTheSeedShows
{
    [Fact]
    public async Task S_client_ends_with_verify_return_code_0()
    {
        await using var gate = await Gate.Open(Gate.Configuration(Gate.Guarded));
        var client = new SClient
        {
            Certificate = gate.Pki("client.pem"),
            Key = gate.Pki("client.key"),
            More = ["-CAfile", gate.Pki("root.pem")],
            Quiet = false,
        };
        var result = await OpenSsl.Connect(gate.Server.EndPoint("tls"), client, "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        result.Output.ShouldContain("Verify return code: 0 (ok)");
        result.Output.ShouldContain("HTTP/1.1 200 OK");
    }

    [Fact]
    public async Task S_client_lists_the_acceptable_authorities()
    {
        await using var gate = await Gate.Open(Gate.Configuration(Gate.Guarded));
        var result = await OpenSsl.Connect(gate.Server.EndPoint("tls"), new SClient { Quiet = false }, "GET / HTTP/1.0\r\n\r\n");
        result.Output.ShouldContain("Acceptable client certificate CA names\nCN = Test Issuing\nCN = Test Root\n");
    }

    [Fact]
    public async Task Curl_with_its_certificate_reaches_the_backend()
    {
        await using var gate = await Gate.Open(Gate.Configuration(Gate.Guarded));
        var result = await Curl.Run(Url(gate, ["--cert", gate.Pki("client.pem"), "--key", gate.Pki("client.key")]));
        result.ShouldBe(new CommandResult(0, "hello", ""));
    }

    [Fact]
    public async Task Curl_without_a_certificate_is_told_so()
    {
        await using var gate = await Gate.Open(Gate.Configuration(Gate.Guarded));
        var result = await Curl.Run(Url(gate, ["--include"]));
        result.Output.ShouldStartWith("HTTP/1.1 400 Bad Request");
        result.Output.ShouldContain("No required SSL certificate was sent");
        gate.App.TakeRequests().ShouldBeEmpty();
        await gate.Server.ErrorLog.WaitFor("client sent no required SSL certificate");
    }

    [Fact]
    public async Task Curl_with_a_strange_certificate_is_told_so()
    {
        await using var gate = await Gate.Open(Gate.Configuration(Gate.Guarded));
        var result = await Curl.Run(Url(gate, ["--include", "--cert", gate.Pki("stranger.pem"), "--key", gate.Pki("stranger.key")]));
        result.Output.ShouldContain("The SSL certificate error");
        await gate.Server.ErrorLog.WaitFor("client SSL certificate verify error: (18:self-signed certificate)");
    }

    [Fact]
    public async Task Curl_uploads_through_the_gate()
    {
        await using var gate = await Gate.Open(Gate.Configuration(Gate.Guarded));
        var result = await Curl.Run(Url(gate, ["--cert", gate.Pki("client.pem"), "--key", gate.Pki("client.key"), "--data", "a=1&b=2"]));
        result.Output.ShouldBe("hello");
        gate.App.TakeRequests().ShouldHaveSingleItem().ShouldEndWith("\r\n\r\na=1&b=2");
    }

    private static string[] Url(Gate gate, string[] more)
    {
        var port = gate.Server.EndPoint("tls").Port;
        return ["--http1.1", "--cacert", gate.Pki("root.pem"), "--connect-to", $"localhost:{port}:127.0.0.1:{port}", .. more, $"https://localhost:{port}/"];
    }
}
