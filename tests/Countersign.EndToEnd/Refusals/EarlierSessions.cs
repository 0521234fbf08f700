namespace Countersign.EndToEnd.Refusals;

/// <summary>Sessions and connections from before: nobody was asked then, and nobody is asked now.</summary>
public sealed class EarlierSessions
{
    private const string Guarded = "api.example";
    private readonly Identity _root = Identity.SelfSigned("CN=Root");

    [Theory]
    [InlineData("-tls1_2")]
    [InlineData("-tls1_3")]
    [Refuses("not-asked/resumed-without-certificate")]
    public async Task A_session_without_a_certificate_is_resumed_without_one(string version)
    {
        await using var gate = await Open();
        var session = gate.Pki("session.pem");
        // A server that wants none serves it, and the session stays.
        var first = new SClient { ServerName = Guarded, More = [version, "-sess_out", session] };
        (await gate.Ask(first, "", host: "open.example")).ShouldStartWith("HTTP/1.1 200");
        var record = await gate.Refused(new SClient { ServerName = Guarded, More = [version, "-sess_in", session] });
        record.ShouldBe("not-asked/resumed-without-certificate", "operator", "proved", ("asked", false)).ShouldBeOnPage("not-asked/resumed-without-certificate");
        record.Evidence("session_at").ShouldNotBeNull();
    }

    [Fact]
    [Innocent("not-asked/resumed-without-certificate")]
    public async Task A_session_with_a_certificate_is_resumed_with_it()
    {
        await using var gate = await Open();
        var session = gate.Pki("session.pem");
        var client = gate.As(_root.Issue("CN=resuming")) with { ServerName = Guarded };
        await gate.Accepted(client with { More = [.. client.More, "-sess_out", session] });
        await gate.Accepted(new SClient { ServerName = Guarded, More = [.. client.More, "-sess_in", session] });
    }

    [Fact]
    [Refuses("not-asked/resumed-under-old-policy")]
    public async Task A_reload_that_turns_verification_on_ends_connections_that_were_not_asked()
    {
        await using var gate = await RefusalGate.Open(RefusalGate.Plain(name: Guarded), ("bundle.pem", _root.Pem));
        using var client = await Connect(gate);
        var record = await gate.Refused(async () =>
        {
            await gate.Reload(RefusalGate.Guarded(name: Guarded));
            return await client.ReadToEnd();
        });
        record.ShouldBe("not-asked/resumed-under-old-policy", "nobody", "proved", ("asked_before", "off"), ("asked", false))
            .ShouldBeOnPage("not-asked/resumed-under-old-policy");
    }

    [Fact]
    [Innocent("not-asked/resumed-under-old-policy")]
    public async Task A_reload_that_asks_as_before_ends_idle_connections_without_a_word()
    {
        await using var gate = await RefusalGate.Open(RefusalGate.Plain(name: Guarded), ("bundle.pem", _root.Pem));
        using var client = await Connect(gate);
        await gate.Reload(RefusalGate.Plain("ssl_verify_depth 2;", Guarded));
        (await client.ReadToEnd()).ShouldBeEmpty();
        gate.RefusalLog.Read().ShouldNotContain("not-asked/");
    }

    private Task<RefusalGate> Open() =>
        RefusalGate.Open(RefusalGate.Plain(name: "open.example") + RefusalGate.Guarded(name: Guarded), ("bundle.pem", _root.Pem));

    /// <summary>A client that has been served once and stays.</summary>
    private static async Task<RawClient> Connect(RefusalGate gate)
    {
        var client = await RawClient.Connect(gate.Server.EndPoint("tls"), new TlsClient { ServerName = Guarded });
        await client.Send($"GET / HTTP/1.1\r\nHost: {Guarded}\r\n\r\n");
        (await client.Read()).Head.ShouldStartWith("HTTP/1.1 200");
        return client;
    }
}
