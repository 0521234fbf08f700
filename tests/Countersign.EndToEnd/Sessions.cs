namespace Countersign.EndToEnd;

/// <summary>What a resumed session keeps, and that it never outlives the trust it was granted under.</summary>
public sealed class Sessions
{
    private static readonly string Cached = Gate.Configuration(Gate.Guarded
        .Replace("ssl_verify_depth 2;", "ssl_verify_depth 2; ssl_crl pki/crl.pem; ssl_session_cache shared:gate:1m;")
        .Replace("proxy_pass http://%%app%%;", "return 200 \"$ssl_client_verify $ssl_session_reused\\n\";"));

    private static readonly string CachedWithoutTickets = Cached.Replace("shared:gate:1m;", "shared:gate:1m; ssl_session_tickets off;");

    public static TheoryData<string, bool> Ways => new()
    {
        { "-tls1_2", true }, { "-tls1_2", false }, { "-tls1_3", true }, { "-tls1_3", false },
    };

    /// <summary>nginx resumes in all four.</summary>
    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_session_does_not_outlive_the_revocation_of_its_certificate(string version, bool tickets)
    {
        Assert.SkipWhen(ServerProgram.Countersign.IsNginx, "nginx resumes");
        await using var gate = await Gate.Open(tickets ? Cached : CachedWithoutTickets);
        var session = await Begin(gate, version);
        await Revoke(gate, version);
        (await Connect(gate, version, "-sess_in", session)).ShouldContain("The SSL certificate error");
        await gate.Server.ErrorLog.WaitFor("client SSL certificate verify error: (23:certificate revoked)");
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Compatibility_with_nginx_keeps_it(string version, bool tickets)
    {
        Assert.SkipWhen(ServerProgram.Countersign.IsNginx, "nginx has no such directive");
        await using var gate = await Gate.Open((tickets ? Cached : CachedWithoutTickets).Replace("ssl_verify_depth 2;", "ssl_verify_depth 2; compatibility nginx;"));
        var session = await Begin(gate, version);
        await Revoke(gate, version);
        (await Connect(gate, version, "-sess_in", session)).ShouldEndWith("SUCCESS r\n");
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_session_goes_on_over_a_reload_that_changes_no_trust(string version, bool tickets)
    {
        await using var gate = await Gate.Open(tickets ? Cached : CachedWithoutTickets);
        var session = await Begin(gate, version);
        var before = gate.Server.ErrorLog.Length;
        await gate.Server.Signal("HUP");
        await gate.Server.ErrorLog.WaitFor("start worker process", before);
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

    private static async Task<string> Begin(Gate gate, string version)
    {
        var session = gate.Pki("session");
        (await Connect(gate, version, "-sess_out", session)).ShouldEndWith("SUCCESS .\n");
        (await Connect(gate, version, "-sess_in", session)).ShouldEndWith("SUCCESS r\n");
        return session;
    }

    private static async Task Revoke(Gate gate, string version)
    {
        gate.WritePki("crl.pem", gate.Root.Crl() + gate.Issuing.Crl([gate.Client]));
        await gate.Server.Signal("HUP");
        await Deadline.Eventually(
            async () => (await Connect(gate, version)).Contains("The SSL certificate error", StringComparison.Ordinal),
            "the new list to count",
            gate.Server.Evidence);
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
