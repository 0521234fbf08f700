namespace Countersign.Native.Tests.OpenSsl;

public sealed class SessionTests : IDisposable
{
    private readonly TlsPki _pki = new();
    private readonly SettableTime _time = new();

    public static TheoryData<TlsProtocols> Versions => [TlsProtocols.Tls12, TlsProtocols.Tls13];

    [Theory]
    [MemberData(nameof(Versions))]
    public void A_session_of_the_shared_cache_resumes_with_the_certificate_and_its_result(TlsProtocols protocols)
    {
        var cache = new TlsSessionCache("one", 1_000_000, _time);
        using var server = TlsServerContext.Create(Options(protocols, tickets: false, cache));
        using var client = Client();
        using var first = TlsPair.Talked(server, client);
        cache.Count.ShouldBeGreaterThan(0);

        using var second = TlsPair.Talked(server, client, first.Sessions[^1]);
        second.Server.SessionReused.ShouldBeTrue();
        second.Server.HasPeerCertificate.ShouldBeTrue();
        second.Server.VerifyResult.ShouldBe(TlsVerification.Ok);
        using var certificate = second.Server.PeerCertificate();
        certificate!.Der.ShouldBe(_pki.Client.Certificate.RawData);
        second.Server.SessionId.ShouldNotBeNull();
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void A_ticket_resumes_without_any_cache(TlsProtocols protocols)
    {
        using var server = TlsServerContext.Create(Options(protocols, tickets: true, null));
        using var client = Client();
        using var first = TlsPair.Talked(server, client);
        using var second = TlsPair.Talked(server, client, first.Sessions[^1]);

        second.Server.SessionReused.ShouldBeTrue();
        second.Server.HasPeerCertificate.ShouldBeTrue();
    }

    [Theory]
    [InlineData(48)]
    [InlineData(80)]
    public void A_ticket_under_a_key_file_resumes_in_another_context_and_an_older_key_still_opens_it(int size)
    {
        byte[] Key(byte seed) => [.. Enumerable.Range(0, size).Select(i => (byte)(seed + i))];
        using var old = TlsServerContext.Create(Options(TlsProtocols.Tls12, true, null, Key(1)));
        using var rotated = TlsServerContext.Create(Options(TlsProtocols.Tls12, true, null, Key(100), Key(1)));
        using var strange = TlsServerContext.Create(Options(TlsProtocols.Tls12, true, null, Key(200)));
        using var client = Client();
        using var first = TlsPair.Talked(old, client);

        using (var second = TlsPair.Talked(rotated, client, first.Sessions[^1]))
        {
            second.Server.SessionReused.ShouldBeTrue();
        }
        using var third = TlsPair.Talked(strange, client, first.Sessions[^1]);
        third.Server.SessionReused.ShouldBeFalse();
    }

    [Fact]
    public void Contexts_of_one_shared_cache_open_each_other_s_tickets()
    {
        var cache = new TlsSessionCache("one", 1_000_000, _time);
        using var first = TlsServerContext.Create(Options(TlsProtocols.Tls13, true, cache));
        using var second = TlsServerContext.Create(Options(TlsProtocols.Tls13, true, cache));
        using var client = Client();
        using var before = TlsPair.Talked(first, client);
        cache.Count.ShouldBe(0, "a ticket needs no store");

        using var after = TlsPair.Talked(second, client, before.Sessions[^1]);
        after.Server.SessionReused.ShouldBeTrue();
    }

    [Fact]
    public void A_session_does_not_cross_to_a_server_that_trusts_other_CAs()
    {
        var cache = new TlsSessionCache("one", 1_000_000, _time);
        using var other = Identity.SelfSigned("CN=Other root");
        using var first = TlsServerContext.Create(Options(TlsProtocols.Tls12, false, cache));
        using var second = TlsServerContext.Create(new TlsServerOptions
        {
            Certificates = [_pki.ServerPair], Protocols = TlsProtocols.Tls12, SessionTickets = false, Time = _time,
            VerifyMode = TlsVerifyMode.On, ClientCertificate = _pki.Write("other.pem", other.Pem),
            SessionCacheMode = TlsSessionCacheMode.Shared, SessionCache = cache,
        });
        using var client = Client();
        using var before = TlsPair.Talked(first, client);
        using var after = TlsPair.Talked(second, client, before.Sessions[^1]);

        after.Server.SessionReused.ShouldBeFalse();
        after.Server.VerifyResult.ShouldNotBe(TlsVerification.Ok);
    }

    [Fact]
    public void The_shared_cache_forgets_at_the_timeout_to_the_second()
    {
        var cache = new TlsSessionCache("one", 1_000_000, _time);
        using var server = TlsServerContext.Create(Options(TlsProtocols.Tls12, false, cache));
        using var client = Client();
        using var first = TlsPair.Talked(server, client);

        _time.Now += TimeSpan.FromSeconds(299);
        using (var second = TlsPair.Talked(server, client, first.Sessions[^1]))
        {
            second.Server.SessionReused.ShouldBeTrue();
        }
        _time.Now += TimeSpan.FromSeconds(1);
        using var third = TlsPair.Talked(server, client, first.Sessions[^1]);
        third.Server.SessionReused.ShouldBeFalse();
    }

    [Fact]
    public void The_shared_cache_stays_below_its_size_and_drops_the_oldest()
    {
        var cache = new TlsSessionCache("one", 5000, _time);
        using var server = TlsServerContext.Create(Options(TlsProtocols.Tls12, false, cache));
        using var client = Client();
        using var first = TlsPair.Talked(server, client);
        var oldest = first.Sessions[^1];
        for (var i = 0; i < 20; i++)
        {
            using var next = TlsPair.Talked(server, client);
        }

        cache.Size.ShouldBeInRange(3000, 5000);
        using var again = TlsPair.Talked(server, client, oldest);
        again.Server.SessionReused.ShouldBeFalse();
    }

    [Fact]
    public void A_removed_session_does_not_resume()
    {
        var cache = new TlsSessionCache("one", 1_000_000, _time);
        using var server = TlsServerContext.Create(Options(TlsProtocols.Tls12, false, cache));
        using var client = Client();
        using var first = TlsPair.Talked(server, client);
        server.RemoveSession(first.Server);

        cache.Count.ShouldBe(0);
        using var second = TlsPair.Talked(server, client, first.Sessions[^1]);
        second.Server.SessionReused.ShouldBeFalse();
    }

    [Theory]
    [InlineData(TlsSessionCacheMode.None, false)]
    [InlineData(TlsSessionCacheMode.Off, false)]
    [InlineData(TlsSessionCacheMode.Builtin, true)]
    public void Without_tickets_only_a_cache_resumes(TlsSessionCacheMode mode, bool reused)
    {
        using var server = TlsServerContext.Create(new TlsServerOptions
        {
            Certificates = [_pki.ServerPair], Protocols = TlsProtocols.Tls12, SessionTickets = false, SessionCacheMode = mode,
        });
        using var client = Client();
        using var first = TlsPair.Talked(server, client);
        using var second = TlsPair.Talked(server, client, first.Sessions.LastOrDefault());

        second.Server.SessionReused.ShouldBe(reused);
    }

    [Fact]
    public void Resuming_again_and_again_does_not_carry_a_TLS_1_3_session_past_its_timeout()
    {
        using var server = TlsServerContext.Create(Options(TlsProtocols.Tls13, tickets: true, null));
        using var client = Client();
        using var first = TlsPair.Talked(server, client);
        _time.Now += TimeSpan.FromSeconds(200);
        using var second = TlsPair.Talked(server, client, first.Sessions[^1]);
        second.Server.SessionReused.ShouldBeTrue();

        // OpenSSL looks at its own clock and still takes the ticket; the one it gives out in return is spent.
        _time.Now += TimeSpan.FromSeconds(101);
        using var third = TlsPair.Talked(server, client, second.Sessions[^1]);
        using var fourth = TlsPair.Talked(server, client, third.Sessions[^1]);
        fourth.Server.SessionReused.ShouldBeFalse();
    }

    [Fact]
    public async Task Threads_share_a_context_a_cache_and_its_ticket_keys()
    {
        // Room for all, so that none is pushed out while its thread waits for its turn.
        (await ResumeInThreads(new TlsSessionCache("one", 4_000_000, _time))).ShouldBe(60);
    }

    [Fact]
    public async Task Threads_keep_a_cache_within_its_size()
    {
        var cache = new TlsSessionCache("one", 20_000, _time);
        await ResumeInThreads(cache);
        cache.Size.ShouldBeInRange(1, 20_000);
    }

    [Fact]
    public void Ticket_keys_of_a_shared_cache_rotate_and_the_previous_one_opens_for_one_timeout()
    {
        var keys = new TlsTicketKeys(_time);
        var first = keys.At(300)[0].Name;
        keys.At(300)[0].Name.ShouldBe(first);

        _time.Now += TimeSpan.FromSeconds(301);
        var rotated = keys.At(300);
        rotated[0].Name.ShouldNotBe(first);
        rotated[1].Name.ShouldBe(first);
        _time.Now += TimeSpan.FromSeconds(1000);
        keys.At(300).Select(key => key.Name).ShouldNotContain(first);
    }

    public void Dispose() => _pki.Dispose();

    /// <returns>How many of the 60 that tried were resumed.</returns>
    private async Task<int> ResumeInThreads(TlsSessionCache cache)
    {
        using var stateful = TlsServerContext.Create(Options(TlsProtocols.Tls12, false, cache));
        using var tickets = TlsServerContext.Create(Options(TlsProtocols.Tls13, true, cache));
        using var client = Client();
        var resumed = 0;
        var threads = Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(
            () =>
            {
                for (var i = 0; i < 15; i++)
                {
                    var server = i % 2 == 0 ? stateful : tickets;
                    using var first = TlsPair.Talked(server, client);
                    using var second = TlsPair.Talked(server, client, first.Sessions[^1]);
                    Interlocked.Add(ref resumed, second.Server.SessionReused ? 1 : 0);
                }
            },
            TaskCreationOptions.LongRunning)).ToArray();
        await Task.WhenAll(threads);
        return resumed;
    }

    private TlsServerOptions Options(TlsProtocols protocols, bool tickets, TlsSessionCache? cache, params byte[][] keys) => new()
    {
        Certificates = [_pki.ServerPair],
        Protocols = protocols,
        VerifyMode = TlsVerifyMode.On,
        ClientCertificate = _pki.RootFile,
        SessionTickets = tickets,
        SessionCache = cache,
        SessionCacheMode = cache == null ? TlsSessionCacheMode.None : TlsSessionCacheMode.Shared,
        TicketKeys = keys,
        Time = _time,
    };

    private TlsClientContext Client() => TlsClientContext.Create(new TlsClientOptions { Certificate = _pki.ClientPair });
}
