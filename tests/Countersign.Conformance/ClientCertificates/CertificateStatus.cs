namespace Countersign.Conformance;

/// <summary>ssl_ocsp: what the responder is asked, what its answer makes of the client, and what the log says of it.</summary>
public sealed class CertificateStatus(Ground<CertificateStatus.Servers> ground) : IClassFixture<Ground<CertificateStatus.Servers>>
{
    private const string Responder = "responder";
    private const string Socket = "unix-responder";

    public sealed class Servers : Subject
    {
        public override IReadOnlyList<string> Backends => [Responder, Socket];

        public override string Http =>
            Server("leaf", $"ssl_ocsp leaf; {At("/")}")
            + Server("on", $"ssl_ocsp on; {At("/")}")
            + Server("path", $"ssl_ocsp leaf; {At("/a/b?c")}")
            + Server("bare", $"ssl_ocsp leaf; {At("")}")
            + Server("optional", $"ssl_verify_client optional; ssl_ocsp leaf; {At("/")}")
            + Server("named", "ssl_ocsp leaf; ssl_ocsp_responder http://localhost:%%port:responder%%;")
            + Server("resolved", "resolver 127.0.0.1; ssl_ocsp leaf; ssl_ocsp_responder http://127.0.0.1:%%port:responder%%;")
            + Server("nobody", "ssl_ocsp leaf; ssl_ocsp_responder http://%%nobody%%;")
            + Server("socket", "ssl_ocsp leaf; ssl_ocsp_responder http://%%backend:unix-responder%%:/a;")
            + Server("told", $"ssl_ocsp leaf; {At("/")} error_page 495 = @told; location @told {{ return 200 $ssl_client_verify; }}")
            + Server("cached", $"ssl_ocsp on; {At("/")} ssl_ocsp_cache shared:cached:1m;")
            + Server("itself", "ssl_ocsp leaf;")
            + Server("hasty", $"client_header_timeout 1s; ssl_ocsp leaf; {At("/")}")
            + Server("resuming", $"ssl_session_cache shared:resuming:1m; ssl_ocsp leaf; {At("/")}")
            + TlsServers.Server("sent", "root", $"ssl_session_cache shared:sent:1m; ssl_verify_depth 3; ssl_ocsp leaf; {At("/")}");

        private static string At(string uri) => $"ssl_ocsp_responder http://%%backend:responder%%{uri};";

        private static string Server(string name, string more) => TlsServers.Server(name, "bundle-intermediate-first", "ssl_verify_depth 3; " + more);
    }

    public static TheoryData<string> Answers => [.. StatusAnswers.Names];

    [Theory]
    [MemberData(nameof(Answers))]
    public Task An_answer_makes_the_same_of_a_client(string answer) =>
        ground.Compare(script => Ask(script, "leaf", answer), $"{nameof(An_answer_makes_the_same_of_a_client)}: {answer}");

    [Theory]
    [InlineData("good", "good")]
    [InlineData("good", "revoked")]
    [InlineData("good", "unknown")]
    [InlineData("good", "lapsed")]
    [InlineData("good", "nothing")]
    [InlineData("revoked", "good")]
    public Task The_authority_is_asked_about_after_the_client(string client, string authority) => ground.Compare(
        async script =>
        {
            Responds(script, client, authority);
            await script.Tls("on", Trust.Shared.Client("client"));
        },
        $"{nameof(The_authority_is_asked_about_after_the_client)}: {client} {authority}");

    [Theory]
    [InlineData("path")]
    [InlineData("bare")]
    [InlineData("optional")]
    [InlineData("named")]
    [InlineData("resolved")]
    [InlineData("nobody")]
    [InlineData("socket")]
    [InlineData("told")]
    public Task A_responder_is_asked_in_the_same_way(string server) => ground.Compare(
        async script =>
        {
            await Ask(script, server, "good");
            await Ask(script, server, "revoked");
        },
        $"{nameof(A_responder_is_asked_in_the_same_way)}: {server}");

    [Theory]
    [InlineData("optional", null)]
    [InlineData("leaf", null)]
    [InlineData("leaf", "other")]
    [InlineData("leaf", "expired")]
    public Task About_whom_libssl_refuses_nobody_is_asked(string server, string? client) => ground.Compare(
        script => script.Tls(server, client is null ? new SClient() : Trust.Shared.Client(client)),
        $"{nameof(About_whom_libssl_refuses_nobody_is_asked)}: {server} {client ?? "nobody"}");

    [Theory]
    [InlineData("good")]
    [InlineData("revoked")]
    [InlineData("unknown")]
    [InlineData("lapsed")]
    [InlineData("lapsed a little")]
    [InlineData("without an end")]
    [InlineData("404")]
    public Task An_answer_is_kept_in_the_same_way(string answer) => ground.Compare(
        async script =>
        {
            // Of its own for each case, for the cache is not.
            var client = Issue("CN=kept", null);
            var about = client.Identity;
            for (var time = 0; time < 2; time++)
            {
                script.Backend(Responder).Handler = async connection =>
                {
                    var request = await connection.ReadRequest();
                    await connection.Send(StatusAnswers.Of(answer, request!.Text, about));
                };
                await script.Tls("cached", client.Options);
            }
        },
        $"{nameof(An_answer_is_kept_in_the_same_way)}: {answer}");

    [Theory]
    [InlineData("")]
    [InlineData("http://responder.example/")]
    [InlineData("http://localhost:1/")]
    [InlineData("http://")]
    [InlineData("https://127.0.0.1/")]
    [InlineData("ldap://127.0.0.1/")]
    [InlineData("HTTP://127.0.0.1:%%/upper")]
    [InlineData("http://127.0.0.1:%%/a?b")]
    [InlineData("http://127.0.0.1:0/")]
    [InlineData("http://127.0.0.1:99999/")]
    [InlineData("http://:80/")]
    [InlineData("http://[::1]:1/")]
    [InlineData("http://[::1/")]
    [InlineData("http://unix:/nowhere:/")]
    public Task A_responder_that_the_certificate_names_is_asked_in_the_same_way(string url) => ground.Compare(
        async script =>
        {
            var client = Issue("CN=names it", url.Length == 0 ? null : url.Replace("%%", $"{script.Backend(Responder).Port}", StringComparison.Ordinal));
            script.Backend(Responder).Handler = async connection =>
            {
                var request = await connection.ReadRequest();
                await connection.Send(StatusAnswers.Of("good", request!.Text, client.Identity));
            };
            await script.Tls("itself", client.Options);
        },
        $"{nameof(A_responder_that_the_certificate_names_is_asked_in_the_same_way)}: {(url.Length == 0 ? "none" : url)}");

    [Fact]
    public Task A_responder_that_says_nothing_is_waited_for() => ground.Compare(script =>
    {
        script.Backend(Responder).Handler = async connection =>
        {
            await connection.ReadRequest();
            await connection.Stall();
        };
        return script.Tls("hasty", Trust.Shared.Client("client"));
    });

    [Fact]
    public Task A_responder_that_does_not_close_has_answered_all_the_same() => ground.Compare(script =>
    {
        script.Backend(Responder).Answer(request => StatusAnswers.Of("good", request.Text));
        return script.Tls("hasty", Trust.Shared.Client("client"));
    });

    [Theory]
    [InlineData("-tls1_2", "good")]
    [InlineData("-tls1_2", "revoked")]
    [InlineData("-tls1_3", "good")]
    [InlineData("-tls1_3", "revoked")]
    public Task A_session_that_is_resumed_is_asked_about_again(string version, string later) => ground.Compare(
        async script =>
        {
            var session = Trust.Shared.File($"status{version}-{later}-{script.EndPoint("resuming").Address}.session");
            Responds(script, "good", "good");
            await script.Tls("resuming", Trust.Shared.Client("client", null, version, "-sess_out", session));
            Responds(script, later, "good");
            await script.Tls("resuming", Trust.Shared.Client("client", null, version, "-sess_in", session));
        },
        $"{nameof(A_session_that_is_resumed_is_asked_about_again)}: {version} {later}");

    [Fact]
    public Task A_session_whose_path_is_not_known_any_more_is_resumed() => ground.Compare(async script =>
    {
        var session = Trust.Shared.File($"status-path-{script.EndPoint("sent").Address}.session");
        Responds(script, "good", "good");
        await script.Tls("sent", Trust.Shared.Client("client", "chain", "-tls1_2", "-no_ticket", "-sess_out", session));
        await script.Tls("sent", Trust.Shared.Client("client", "chain", "-tls1_2", "-no_ticket", "-sess_in", session));
    });

    private static Task Ask(Script script, string server, string answer)
    {
        Responds(script, answer, answer);
        return script.Tls(server, Trust.Shared.Client("client"));
    }

    /// <summary>Asked about the client, and then about its authority.</summary>
    private static void Responds(Script script, string client, string authority)
    {
        var asked = 0;
        script.Backend(Responder).Handler = script.Backend(Socket).Handler = async connection =>
        {
            var request = await connection.ReadRequest();
            await connection.Send(StatusAnswers.Of(asked++ == 0 ? client : authority, request!.Text));
        };
    }

    private static (Identity Identity, SClient Options) Issue(string subject, string? responder)
    {
        // The same for both servers: its serial number is in the question.
        var identity = Issued.GetOrAdd($"{TestContext.Current.TestCase?.UniqueID} {subject} {responder}", _ => Trust.Shared["intermediate"].Issue(
            subject, CertificateShape.Client with { Extra = responder is null ? [] : [Extensions.StatusAt(responder)] }));
        var name = $"status-{identity.Certificate.SerialNumber}";
        Trust.Shared.Write(name + ".pem", identity.Pem);
        Trust.Shared.Write(name + ".key", identity.KeyPem);
        return (identity, Trust.Shared.Client(name));
    }

    private static readonly System.Collections.Concurrent.ConcurrentDictionary<string, Identity> Issued = new();
}
