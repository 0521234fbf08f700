namespace Countersign.Conformance;

/// <summary>ssl_verify_client in its four modes, over TLS 1.2 and 1.3, with every kind of client.</summary>
public sealed class VerifyModes(Ground<VerifyModes.Modes> ground) : IClassFixture<Ground<VerifyModes.Modes>>
{
    private static readonly string[] Names = ["on", "off", "optional", "optional_no_ca"];

    public sealed class Modes : Subject
    {
        public override string Http => string.Concat(Names.Select(mode =>
            TlsServers.Server(mode, "bundle-intermediate-first", $"ssl_verify_client {mode}; ssl_verify_depth 2;")));
    }

    public static TheoryData<string, string, string> All()
    {
        var all = new TheoryData<string, string, string>();
        foreach (var mode in Names)
        {
            foreach (var client in (string[])["none", "client", "other", "expired", "self-signed"])
            {
                all.Add(mode, client, "-tls1_2");
                all.Add(mode, client, "-tls1_3");
            }
        }

        return all;
    }

    [Theory]
    [MemberData(nameof(All))]
    public Task A_client_is_judged_by_the_mode(string mode, string client, string version) => ground.Compare(
        script => script.Tls(mode, client == "none" ? new SClient { More = [version] } : Trust.Shared.Client(client, null, version)),
        $"{nameof(A_client_is_judged_by_the_mode)}: {mode} {client} {version}");

    [Fact]
    public Task A_client_certificate_with_its_whole_chain_passes() =>
        ground.Compare(script => script.Tls("on", Trust.Shared.Client("client", "chain-with-root")));

    [Fact]
    public Task A_resumed_session_keeps_its_identity() => ground.Compare(async script =>
    {
        var session = script.Prefix + "/session";
        // -no_ticket would leave nothing to resume without a session cache; TLS 1.2 delivers the ticket in the handshake.
        await script.Tls("on", Trust.Shared.Client("client", null, "-tls1_2", "-sess_out", session));
        await script.Tls("on", Trust.Shared.Client("client", null, "-tls1_2", "-sess_in", session));
    });

    [Fact]
    public Task A_resumed_session_of_tls_1_3_keeps_its_identity() => ground.Compare(async script =>
    {
        var session = script.Prefix + "/session13";
        await script.Tls("on", Trust.Shared.Client("client", null, "-tls1_3", "-sess_out", session));
        await script.Tls("on", Trust.Shared.Client("client", null, "-tls1_3", "-sess_in", session));
    });

    [Fact]
    public Task A_second_request_on_the_connection_is_judged_as_the_first() => ground.Compare(script => script.Tls(
        "on",
        Trust.Shared.Client("other"),
        "GET /1 HTTP/1.1\r\nHost: localhost\r\n\r\nGET /2 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"));

    [Fact]
    public Task Plain_http_on_the_tls_port_is_refused() =>
        ground.Compare(script => script.Get("on", "/"));

    [Fact]
    public Task A_post_with_a_body_is_refused_like_a_get() => ground.Compare(script => script.Tls(
        "on", new SClient(), "POST /x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello"));

    [Fact]
    public Task A_head_request_is_refused_without_a_body() => ground.Compare(async script =>
    {
        var result = await OpenSsl.Connect(script.EndPoint("on"), new SClient(), "HEAD / HTTP/1.1\r\nHost: localhost\r\n\r\n");
        script.Saw(result.Output.Split("\r\n")[0]);
        script.Saw(result.Output.EndsWith("\r\n\r\n", StringComparison.Ordinal) ? " bodiless" : " with body");
    });
}
