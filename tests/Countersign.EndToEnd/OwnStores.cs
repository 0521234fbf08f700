using Countersign.EndToEnd.Refusals;

namespace Countersign.EndToEnd;

/// <summary>ssl_conf_command VerifyCAFile sets aside what ssl_client_certificate trusts, under nginx as here.</summary>
public sealed class OwnStores : IDisposable
{
    private readonly Identity _one = Identity.SelfSigned("CN=One Root");
    private readonly Identity _other = Identity.SelfSigned("CN=Other Root");

    [Fact]
    public async Task A_client_whom_one_server_has_verified_is_a_stranger_to_another_with_other_authorities()
    {
        await using var gate = await Open("ssl_verify_cache shared:verify:1m;");
        var client = gate.As(_one.Issue("CN=of one"));
        for (var turn = 0; turn < 2; turn++)
        {
            (await Ask(gate, client, "one.example")).ShouldContain("one.example verify=SUCCESS");
            (await Ask(gate, client, "other.example")).ShouldContain("The SSL certificate error");
        }
    }

    [Theory]
    [InlineData("-tls1_2")]
    [InlineData("-tls1_3")]
    public async Task Nor_does_its_session_lead_there(string version)
    {
        Assert.SkipWhen(ServerProgram.Countersign.IsNginx, "nginx resumes");
        await using var gate = await Open("");
        var client = gate.As(_one.Issue("CN=of one"));
        var session = gate.Pki("session");
        (await Ask(gate, client, "one.example", version, "-sess_out", session)).ShouldContain("one.example verify=SUCCESS reused=.");
        (await Ask(gate, client, "one.example", version, "-sess_in", session)).ShouldContain("one.example verify=SUCCESS reused=r");
        (await Ask(gate, client, "other.example", version, "-sess_in", session)).ShouldContain("The SSL certificate error");
    }

    public void Dispose()
    {
        _one.Dispose();
        _other.Dispose();
    }

    private Task<RefusalGate> Open(string more) => RefusalGate.Open(
        more + Server("one") + Server("other"), ("bundle.pem", _one.Pem), ("one.pem", _one.Pem), ("other.pem", _other.Pem));

    private static string Server(string name) => RefusalGate.Guarded(more: $"ssl_conf_command VerifyCAFile %%pki%%/{name}.pem;", name: $"{name}.example")
        .Replace("refusal=$refusal_id", "reused=$ssl_session_reused", StringComparison.Ordinal);

    private static async Task<string> Ask(RefusalGate gate, SClient client, string server, params string[] more) => (await OpenSsl.Connect(
        gate.Server.EndPoint("tls"), client with { ServerName = server, More = more }, $"GET / HTTP/1.1\r\nHost: {server}\r\nConnection: close\r\n\r\n")).Output;
}
