using Countersign.EndToEnd.Refusals;

namespace Countersign.EndToEnd;

/// <summary>A reload that adds ssl_ocsp, or changes it, reaches the clients that came before.</summary>
public sealed class StatusAfterReload : IAsyncDisposable
{
    private readonly Backend _responder = Backend.Start();

    private string Responder => $"ssl_ocsp_responder http://{_responder.Address}/;";

    public ValueTask DisposeAsync() => _responder.DisposeAsync();

    [Fact]
    [Refuses("revocation/still-connected")]
    public async Task A_client_that_asks_only_now_is_refused_when_it_is_revoked()
    {
        await using var gate = await Gate.Open(Servers(""));
        Answers(gate, new OcspShape { Status = OcspStatus.Revoked });
        using var client = await gate.Connect("tls");
        await Reload(gate, $"ssl_ocsp leaf; {Responder}");
        await client.Send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
        (await client.ReadToEnd()).ShouldContain("The SSL certificate error");
        await gate.Server.ErrorLog.WaitFor("client SSL certificate verify error under the new configuration: certificate revoked");
        (await Record(gate)).ShouldBe("revocation/still-connected", "client", "proved",
            ("cause_id", "revocation/ocsp-revoked"), ("certificate_subject", "CN=test client"), ("responder", $"http://{_responder.Address}/"))
            .ShouldList("revocation/still-connected", "revocation/ocsp-revoked");
    }

    [Fact]
    [Innocent("revocation/still-connected")]
    public async Task A_client_that_asks_only_now_is_served_when_it_is_good()
    {
        await using var gate = await Gate.Open(Servers(""));
        Answers(gate, new OcspShape());
        using var client = await gate.Connect("tls");
        await Reload(gate, $"ssl_ocsp leaf; {Responder}");
        await client.Send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
        (await client.ReadToEnd()).ShouldEndWith("ok\n");
        _responder.TakeRequests().Count.ShouldBe(1);
    }

    [Fact]
    public async Task Who_was_found_good_is_not_asked_about_again_by_a_reload_that_asks_the_same()
    {
        await using var gate = await Gate.Open(Servers($"ssl_ocsp on; {Responder}"));
        _responder.Handler = async connection =>
        {
            var request = await connection.ReadRequest();
            await connection.Send(OcspShape.Http(IsAboutIssuer(gate, request!.Text) ? gate.Root.StatusOf(gate.Issuing) : gate.Issuing.StatusOf(gate.Client)));
        };
        using var client = await gate.Connect("tls");
        using var upgraded = await Upgrade(gate);
        await Reload(gate, $"ssl_ocsp leaf; {Responder}");
        await client.Send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
        (await client.ReadToEnd()).ShouldEndWith("ok\n");
        await Speaks(upgraded);
        // Two connections, each with a certificate and its authority.
        _responder.TakeRequests().Count.ShouldBe(4);
    }

    [Fact]
    public async Task A_reload_that_asks_for_more_has_the_rest_asked()
    {
        await using var gate = await Gate.Open(Servers($"ssl_ocsp leaf; {Responder}"));
        Answers(gate, new OcspShape());
        using var client = await gate.Connect("tls");
        await Reload(gate, $"ssl_ocsp on; {Responder}");
        await client.Send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
        (await client.ReadToEnd()).ShouldContain("The SSL certificate error");
        (await Record(gate)).ShouldBe("revocation/still-connected", "operator", "proved", ("cause_id", "revocation/ocsp-failed"), ("depth", 1));
    }

    [Theory]
    [InlineData("good")]
    [InlineData("revoked")]
    [InlineData("none")]
    public async Task An_upgraded_connection_goes_on_when_its_client_is_good(string answer)
    {
        await using var gate = await Gate.Open(Servers(""));
        Answers(gate, new OcspShape { Status = answer == "revoked" ? OcspStatus.Revoked : OcspStatus.Good });
        using var client = await Upgrade(gate);
        if (answer == "none")
        {
            _responder.Handler = _ => Task.CompletedTask;
        }
        await Reload(gate, $"ssl_ocsp leaf; {Responder}");
        if (answer == "good")
        {
            await Deadline.Until(() => _responder.TakeRequests().Count > 0, "the question");
            await Speaks(client);
            return;
        }
        (await client.ReadToEnd()).ShouldBeOneOf("", "[reset]");
        var record = await Record(gate);
        record.ShouldBe("revocation/still-connected", answer == "revoked" ? "client" : "operator", "proved",
            ("cause_id", answer == "revoked" ? "revocation/ocsp-revoked" : "revocation/ocsp-failed"));
        record.Json.GetProperty("status").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
    }

    /// <summary>More than are asked about at once, and one of them leaves meanwhile.</summary>
    [Fact]
    public async Task Every_upgraded_connection_is_asked_about()
    {
        const int Many = 40;
        await using var gate = await Gate.Open(Servers(""));
        var begin = new TaskCompletionSource();
        _responder.Handler = async connection =>
        {
            await connection.ReadRequest();
            await begin.Task;
            await connection.Send(OcspShape.Http(gate.Issuing.StatusOf(gate.Client, new OcspShape { Status = OcspStatus.Unknown })));
        };
        var clients = new List<RawClient>();
        for (var number = 0; number < Many; number++)
        {
            clients.Add(await Upgrade(gate));
        }
        await Reload(gate, $"ssl_ocsp leaf; {Responder}");
        await Deadline.Until(() => _responder.Connections > 0, "the first question");
        clients[0].Dispose();
        begin.SetResult();
        foreach (var client in clients.Skip(1))
        {
            (await client.ReadToEnd()).ShouldBeOneOf("", "[reset]");
            client.Dispose();
        }
        await Deadline.Until(() => _responder.TakeRequests().Count is >= Many - 1 and <= Many ? "asked" : null, "all questions");
    }

    [Fact]
    public async Task A_connection_that_waits_ends_without_a_question()
    {
        await using var gate = await Gate.Open(Servers(""));
        using var client = await gate.Connect("tls");
        await client.Send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
        (await client.Read()).Body.ShouldBe("ok\n");
        await Reload(gate, $"ssl_ocsp leaf; {Responder}");
        (await client.ReadToEnd()).ShouldBe("");
        _responder.TakeRequests().ShouldBeEmpty();
        gate.Server.Evidence().ShouldNotContain("still-connected");
    }

    /// <summary>The server of the handshake asks, the one of the Host asks for no certificates until the reload.</summary>
    [Fact]
    public async Task Whom_a_responder_kept_out_is_named_when_only_the_new_configuration_minds()
    {
        await using var gate = await Gate.Open(Gate.Configuration(Server($"ssl_ocsp leaf; {Responder}", "first.test") + Server("ssl_verify_client off;", "second.test")));
        Answers(gate, new OcspShape { Status = OcspStatus.Revoked });
        using var client = await RawClient.Connect(gate.Server.EndPoint("tls"), new TlsClient { Identity = gate.Client, ServerName = null });
        await Deadline.Until(() => _responder.TakeRequests().Count > 0, "the question");
        await Configure(gate, Gate.Configuration(Server($"ssl_ocsp leaf; {Responder}", "first.test") + Server("", "second.test")));
        await client.Send("GET / HTTP/1.1\r\nHost: second.test\r\n\r\n");
        (await client.ReadToEnd()).ShouldContain("The SSL certificate error");
        (await Record(gate)).ShouldBe("revocation/still-connected", "client", "proved", ("cause_id", "revocation/ocsp-revoked"));
    }

    private static string Servers(string more) => Gate.Configuration(Server(more));

    private static string Server(string more, string name = "localhost") => Gate.Guarded
        .Replace("server_name localhost;", $"server_name {name};")
        .Replace("ssl_verify_client on;", (more.Contains("ssl_verify_client") ? "" : "ssl_verify_client on; ") + more)
        .Replace("location / { proxy_pass http://%%app%%; }", """
            location / { return 200 "ok\n"; }
            location /chat { proxy_pass http://%%app%%; proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection upgrade; }
            """);

    private void Answers(Gate gate, OcspShape shape) => _responder.Handler = async connection =>
    {
        await connection.ReadRequest();
        await connection.Send(OcspShape.Http(gate.Issuing.StatusOf(gate.Client, shape)));
    };

    private static bool IsAboutIssuer(Gate gate, string request)
    {
        var question = Convert.FromBase64String(Uri.UnescapeDataString(request.Split(' ')[1][1..]));
        return question.AsSpan().IndexOf(gate.Issuing.Certificate.SerialNumberBytes.Span) >= 0;
    }

    private static async Task<RawClient> Upgrade(Gate gate)
    {
        gate.App.Handler = async connection =>
        {
            await connection.ReadRequest();
            await connection.Send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
            await connection.Send((await connection.ReadBytes(5)).ToUpperInvariant());
            await connection.Stall();
        };
        var client = await gate.Connect("tls");
        await client.Send("GET /chat HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
        (await client.ReadHead()).ShouldStartWith("HTTP/1.1 101");
        return client;
    }

    private static async Task Speaks(RawClient client)
    {
        await client.Send("hello");
        (await client.ReadExactly(5)).ShouldBe("HELLO");
    }

    private static Task Reload(Gate gate, string more) => Configure(gate, Servers(more));

    private static async Task Configure(Gate gate, string configuration)
    {
        var before = gate.Server.ErrorLog.Length;
        gate.Server.Configure(configuration);
        await gate.Server.Signal("HUP");
        await gate.Server.ErrorLog.WaitFor("start worker processes", before);
    }

    private static async Task<RefusalRecord> Record(Gate gate)
    {
        var log = new LogFile(Path.Combine(gate.Server.Prefix, "logs/refusal.log"));
        var line = await Deadline.Until(
            () => log.Read().Split('\n')[..^1].FirstOrDefault(line => line.Contains("\"id\":\"revocation/still-connected\"", StringComparison.Ordinal)),
            "the refusal", gate.Server.Evidence);
        return new RefusalRecord(line, "");
    }
}
