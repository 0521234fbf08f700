namespace Countersign.Conformance;

/// <summary>Which server asks, which server answers: SNI against Host.</summary>
public sealed class ServerNames(Ground<ServerNames.Names> ground) : IClassFixture<Ground<ServerNames.Names>>
{
    public sealed class Names : Subject
    {
        private const string Answer = "verify=$ssl_client_verify sni=$ssl_server_name host=$host reused=$ssl_session_reused\\n";

        private static string Server(string listen, string name, string bundle, string mode, bool hasCertificate = true) => $$"""
            server {
                listen {{listen}};
                server_name {{name}};
                {{(hasCertificate ? "ssl_certificate pki/server.pem; ssl_certificate_key pki/server.key;" : "")}}
                {{(mode == "off" ? "" : $"ssl_client_certificate pki/{bundle}.pem;")}}
                ssl_verify_client {{mode}};
                ssl_verify_depth 3;
                location / { return 200 "{{(name[0] == '~' ? "regex" : name)}} $tenant {{Answer}}"; }
            }

            """;

        public override string Http =>
            "map $host $tenant { default \"\"; \"~^(?<t>\\w+)\\.regex\\.test$\" $t; }\n"
            + Server("%%names%% ssl default_server", "plain.test", "", "off")
            + Server("%%names%% ssl", "a.test alias-of-a.test", "bundle-intermediate-first", "on")
            + Server("%%names%% ssl", "b.test", "other-root", "on")
            + Server("%%names%% ssl", "*.wild.test", "bundle-intermediate-first", "optional")
            + Server("%%names%% ssl", "~^\\w+\\.regex\\.test$", "bundle-intermediate-first", "on")
            + Server("%%crossed%% ssl default_server", "b2.test", "other-root", "on")
            + Server("%%crossed%% ssl", "a2.test", "bundle-intermediate-first", "on")
            + Server("%%crossed%% ssl", "bare.test", "bundle-intermediate-first", "on", hasCertificate: false)
            + """
            server { listen %%rejecting%% ssl default_server; ssl_reject_handshake on; }
            """
            + Server("%%rejecting%% ssl", "known.test", "bundle-intermediate-first", "on");
    }

    public static TheoryData<string, string?, string, string> All() => new()
    {
        { "names", "a.test", "a.test", "client" },
        { "names", "a.test", "A.Test", "client" },
        { "names", "A.TEST", "a.test", "client" },
        { "names", "a.test", "a.test:8443", "client" },
        { "names", "a.test", "a.test.", "client" },
        { "names", "a.test", "alias-of-a.test", "client" },
        { "names", "a.test", "b.test", "client" },
        { "names", "a.test", "plain.test", "client" },
        { "names", "a.test", "unknown.test", "client" },
        { "names", "plain.test", "a.test", "client" },
        { "names", "plain.test", "x.wild.test", "client" },
        { "names", "unknown.test", "a.test", "client" },
        { "names", null, "a.test", "client" },
        { "names", null, "plain.test", "none" },
        { "names", null, "x.wild.test", "client" },
        { "names", "b.test", "b.test", "other" },
        { "names", "b.test", "b.test", "client" },
        { "names", "x.wild.test", "x.wild.test", "none" },
        { "names", "x.wild.test", "y.wild.test", "client" },
        { "names", "one.regex.test", "one.regex.test", "client" },
        { "names", "one.regex.test", "two.regex.test", "client" },
        { "crossed", null, "a2.test", "other" },
        { "crossed", null, "a2.test", "client" },
        { "crossed", "bare.test", "bare.test", "other" },
        { "crossed", "bare.test", "bare.test", "client" },
        { "crossed", "a2.test", "b2.test", "client" },
        { "rejecting", "known.test", "known.test", "client" },
        { "rejecting", "unknown.test", "known.test", "client" },
        { "rejecting", null, "known.test", "client" },
    };

    [Theory]
    [MemberData(nameof(All))]
    public Task A_name_leads_to_the_same_server(string port, string? sni, string host, string client) => ground.Compare(
        script =>
        {
            var sent = client == "none" ? new SClient() : Trust.Shared.Client(client);
            return script.Tls(port, sent with { ServerName = sni }, $"GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        },
        $"{nameof(A_name_leads_to_the_same_server)}: {port} {sni ?? "-"} {host} {client}");

    [Fact]
    public Task An_absolute_target_counts_as_the_host() => ground.Compare(script => script.Tls(
        "names",
        Trust.Shared.Client("client") with { ServerName = "a.test" },
        "GET https://b.test/ HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n"));

    [Fact]
    public Task A_second_request_may_not_move_to_another_verifying_server() => ground.Compare(script => script.Tls(
        "names",
        Trust.Shared.Client("client") with { ServerName = "a.test" },
        "GET /1 HTTP/1.1\r\nHost: a.test\r\n\r\nGET /2 HTTP/1.1\r\nHost: b.test\r\nConnection: close\r\n\r\n"));
}
