namespace Countersign.EndToEnd;

/// <summary>What a resumed session keeps, as nginx keeps it.</summary>
public sealed class Sessions
{
    private static readonly string Cached = Gate.Configuration(Gate.Guarded
        .Replace("ssl_verify_depth 2;", "ssl_verify_depth 2; ssl_crl pki/crl.pem; ssl_session_cache shared:gate:1m;")
        .Replace("proxy_pass http://%%app%%;", "return 200 \"$ssl_client_verify $ssl_session_reused\\n\";"));

    [Theory]
    [InlineData("-tls1_2")]
    [InlineData("-tls1_3")]
    public async Task A_session_outlives_the_revocation_of_its_certificate(string version)
    {
        Assert.SkipWhen(ServerProgram.Countersign.IsNginx, "Debian's nginx answers 400 here; mainline serves");
        await using var gate = await Gate.Open(Cached);
        var session = gate.Pki("session");
        (await Connect(gate, version, "-sess_out", session)).ShouldEndWith("SUCCESS .\n");
        gate.WritePki("crl.pem", gate.Root.Crl() + gate.Issuing.Crl([gate.Client]));
        await gate.Server.Signal("HUP");
        await Deadline.Eventually(
            async () => (await Connect(gate, version)).Contains("The SSL certificate error", StringComparison.Ordinal),
            "the new list to count",
            gate.Server.Evidence);
        (await Connect(gate, version, "-sess_in", session)).ShouldEndWith("SUCCESS r\n");
    }

    [Fact]
    public async Task A_session_made_without_a_certificate_gives_no_identity()
    {
        await using var gate = await Gate.Open(Cached.Replace("ssl_verify_client on", "ssl_verify_client optional"));
        var session = gate.Pki("session");
        var nobody = new SClient { More = ["-tls1_2", "-sess_out", session] };
        (await Ask(gate, nobody)).ShouldEndWith("NONE .\n");
        (await Connect(gate, "-tls1_2", "-sess_in", session)).ShouldEndWith("NONE r\n");
    }

    private static Task<string> Connect(Gate gate, params string[] more) => Ask(gate, new SClient
    {
        Certificate = gate.Pki("client.pem"),
        Key = gate.Pki("client.key"),
        More = more,
    });

    private static async Task<string> Ask(Gate gate, SClient client) =>
        (await OpenSsl.Connect(gate.Server.EndPoint("tls"), client, "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")).Output;
}
