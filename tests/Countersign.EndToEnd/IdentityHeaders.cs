namespace Countersign.EndToEnd;

/// <summary>What the backend takes for the gate's word is the gate's word.</summary>
public sealed class IdentityHeaders
{
    private static readonly string Told = Gate.Configuration(Gate.Guarded
        .Replace("ssl_verify_client on;", "ssl_verify_client optional;")
        .Replace("location / {", "location / { proxy_set_header X-Client-Verify $ssl_client_verify; proxy_set_header X-Server-Name $ssl_server_name;"));

    [Fact]
    public async Task A_server_name_with_a_line_end_brings_no_header_along()
    {
        Assert.SkipWhen(ServerProgram.Countersign.IsNginx, "nginx sends it on");
        await using var gate = await Gate.Open(Told);
        await Ask(gate, "name\r\nX-Client-Verify: SUCCESS", "");
        gate.App.TakeRequests()[^1].ShouldContain("X-Client-Verify: NONE\r\nX-Server-Name: name  X-Client-Verify: SUCCESS\r\n");
    }

    [Fact]
    public async Task A_server_that_is_compatible_with_nginx_sends_the_line_end_on()
    {
        await using var gate = await Gate.Open(Told.Replace("ssl_verify_client optional;", "ssl_verify_client optional; compatibility nginx;"));
        await Ask(gate, "name\r\nX-Other: 1", "");
        gate.App.TakeRequests()[^1].ShouldContain("X-Server-Name: name\r\nX-Other: 1\r\n");
    }

    [Theory]
    [InlineData("X-Client-Verify: SUCCESS")]
    [InlineData("x-client-VERIFY: SUCCESS\r\nX-Client-Verify: SUCCESS")]
    [InlineData("X_Client_Verify: SUCCESS")]
    [InlineData("X-Client_Verify: SUCCESS")]
    [InlineData("X.Client.Verify: SUCCESS")]
    [InlineData("Connection: close, X-Client-Verify\r\nX-Client-Verify: SUCCESS")]
    public async Task No_spelling_of_a_header_that_the_gate_sets_comes_through(string lines)
    {
        await using var gate = await Gate.Open(Told);
        (await Ask(gate, "localhost", lines + "\r\n")).ShouldStartWith("HTTP/1.1 200");
        var request = gate.App.TakeRequests()[^1];
        request.ShouldContain("X-Client-Verify: NONE\r\n");
        request.ShouldNotContain("SUCCESS");
    }

    [Theory]
    [InlineData("X-Client-Verify : SUCCESS")]
    [InlineData(" X-Client-Verify: SUCCESS")]
    [InlineData("X-A: 1\rX-Client-Verify: SUCCESS")]
    [InlineData("X-A: 1\r\n\tX-Client-Verify: SUCCESS")]
    public async Task A_line_that_two_readers_could_take_differently_ends_the_request(string lines)
    {
        Assert.SkipWhen(ServerProgram.Countersign.IsNginx, "nginx lets a bare carriage return through");
        await using var gate = await Gate.Open(Told);
        (await Ask(gate, "localhost", lines + "\r\n")).ShouldStartWith("HTTP/1.1 400");
        gate.App.TakeRequests().ShouldNotContain(request => request.Contains("SUCCESS", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nor_do_trailers_come_through()
    {
        await using var gate = await Gate.Open(Told);
        (await Ask(gate, "localhost", "Transfer-Encoding: chunked\r\n", "1\r\na\r\n0\r\nX-Client-Verify: SUCCESS\r\n\r\n")).ShouldStartWith("HTTP/1.1 200");
        gate.App.TakeRequests()[^1].ShouldNotContain("SUCCESS");
    }

    private static async Task<string> Ask(Gate gate, string serverName, string lines, string body = "") => (await OpenSsl.Connect(
        gate.Server.EndPoint("tls"),
        new SClient { ServerName = serverName },
        $"GET /told HTTP/1.1\r\nHost: localhost\r\n{lines}{(lines.Contains("Connection:", StringComparison.Ordinal) ? "" : "Connection: close\r\n")}\r\n{body}")).Output;
}
