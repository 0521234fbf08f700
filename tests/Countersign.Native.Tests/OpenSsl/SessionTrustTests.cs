namespace Countersign.Native.Tests.OpenSsl;

/// <summary>A resumed session never outlives the trust it was granted under.</summary>
public sealed class SessionTrustTests : IDisposable
{
    private readonly TlsPki _pki = new();
    private readonly SettableTime _time = new();
    private readonly byte[] _key = [.. Enumerable.Range(0, 80).Select(i => (byte)i)];
    private readonly TlsSessionCache _shared;

    public SessionTrustTests() => _shared = new TlsSessionCache("shared", 1_000_000, _time);

    /// <summary>How a session may come back: held by the client in a ticket, or by the gate.</summary>
    public static TheoryData<TlsProtocols, bool> Ways => new(
        from version in (TlsProtocols[])[TlsProtocols.Tls12, TlsProtocols.Tls13]
        from ticket in (bool[])[true, false]
        select new TheoryDataRow<TlsProtocols, bool>(version, ticket));

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_client_revoked_by_a_reload_is_verified_afresh(TlsProtocols version, bool ticket)
    {
        using var before = TlsServerContext.Create(Options(version, ticket));
        using var after = TlsServerContext.Create(Options(version, ticket, crl: _pki.Write("crl.pem", _pki.Root.Crl([_pki.Client]))));
        using var client = Client();
        using var first = TlsPair.Talked(before, client);
        using (var again = TlsPair.Talked(before, client, first.Sessions[^1]))
        {
            again.Server.SessionReused.ShouldBeTrue();
        }

        using var second = TlsPair.Talked(after, client, first.Sessions[^1]);
        second.Server.SessionReused.ShouldBeFalse();
        second.Server.VerifyResult.ShouldBe(23);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_reload_of_the_same_files_keeps_sessions(TlsProtocols version, bool ticket)
    {
        var crl = _pki.Write("crl.pem", _pki.Root.Crl());
        using var before = TlsServerContext.Create(Options(version, ticket, crl));
        using var after = TlsServerContext.Create(Options(version, ticket, crl));
        using var client = Client();
        using var first = TlsPair.Talked(before, client);
        using var second = TlsPair.Talked(after, client, first.Sessions[^1]);

        second.Server.SessionReused.ShouldBeTrue();
        second.Server.VerifyResult.ShouldBe(TlsVerification.Ok);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_session_ends_with_the_certificate_it_was_made_with(TlsProtocols version, bool ticket)
    {
        using var brief = _pki.Root.Issue("CN=Brief", new CertificateShape { NotAfter = DateTimeOffset.UtcNow.AddSeconds(100) });
        using var server = TlsServerContext.Create(Options(version, ticket));
        using var client = TlsClientContext.Create(new TlsClientOptions { Certificate = _pki.Pair("brief", brief) });
        using var first = TlsPair.Talked(server, client);
        _time.Now += TimeSpan.FromSeconds(90);
        using var second = TlsPair.Talked(server, client, first.Sessions[^1]);
        second.Server.SessionReused.ShouldBeTrue();

        _time.Now += TimeSpan.FromSeconds(11);
        using var third = TlsPair.Talked(server, client, (second.Sessions.LastOrDefault() ?? first.Sessions[^1]));
        third.Server.SessionReused.ShouldBeFalse();
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_session_ends_with_the_list_it_was_checked_against(TlsProtocols version, bool ticket)
    {
        var crl = _pki.Write("crl.pem", _pki.Root.Crl(nextUpdate: DateTimeOffset.UtcNow.AddSeconds(60)));
        using var server = TlsServerContext.Create(Options(version, ticket, crl));
        using var client = Client();
        using var first = TlsPair.Talked(server, client);
        _time.Now += TimeSpan.FromSeconds(61);
        using var second = TlsPair.Talked(server, client, first.Sessions[^1]);

        second.Server.SessionReused.ShouldBeFalse();
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_session_of_a_server_that_asks_for_nothing_satisfies_no_other(TlsProtocols version, bool ticket)
    {
        using var open = TlsServerContext.Create(Options(version, ticket, mode: TlsVerifyMode.Off));
        using var strict = TlsServerContext.Create(Options(version, ticket));
        using var client = Client();
        using var first = TlsPair.Talked(open, client);
        using var second = TlsPair.Talked(strict, client, first.Sessions[^1]);

        second.Server.SessionReused.ShouldBeFalse();
        second.Server.HasPeerCertificate.ShouldBeTrue();
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_name_that_leads_to_a_server_of_other_trust_does_not_resume(TlsProtocols version, bool ticket)
    {
        var crl = _pki.Write("crl.pem", _pki.Root.Crl([_pki.Client]));
        using var entrance = TlsServerContext.Create(Options(version, ticket));
        using var strict = TlsServerContext.Create(Options(version, ticket, crl));
        using var client = Client();
        using var first = TlsPair.Talked(entrance, client);
        using var second = TlsPair.Connected(entrance, client, new Switch(strict), "strict.example", first.Sessions[^1]);

        second.Server.SessionReused.ShouldBeFalse();
        second.Server.VerifyResult.ShouldBe(23);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void Compatibility_with_nginx_resumes_a_revoked_client(TlsProtocols version, bool ticket)
    {
        using var before = TlsServerContext.Create(Options(version, ticket));
        using var after = TlsServerContext.Create(Options(version, ticket, crl: _pki.Write("crl.pem", _pki.Root.Crl([_pki.Client])), compatible: true));
        using var client = Client();
        using var first = TlsPair.Talked(before, client);
        using var second = TlsPair.Talked(after, client, first.Sessions[^1]);

        second.Server.SessionReused.ShouldBeTrue();
        second.Server.VerifyResult.ShouldBe(TlsVerification.Ok);
    }

    [Fact]
    public void A_TLS_1_3_ticket_names_a_session_that_stays_here_and_one_is_given()
    {
        using var server = TlsServerContext.Create(Options(TlsProtocols.Tls13, ticket: true, kept: true));
        using var client = Client();
        using var first = TlsPair.Talked(server, client);
        first.Sessions.Count.ShouldBe(1);
        _shared.Count.ShouldBe(1);

        using var second = TlsPair.Talked(server, client, first.Sessions[0]);
        second.Server.SessionReused.ShouldBeTrue();
        second.Server.PresentedChain().Count.ShouldBe(1);
        _shared.Count.ShouldBe(2);

        _shared.Dispose();
        using var third = TlsPair.Talked(server, client, second.Sessions[0]);
        third.Server.SessionReused.ShouldBeFalse();
    }

    [Fact]
    public void Sessions_that_are_many_are_kept_encoded_and_still_resume()
    {
        using var small = new TlsSessionCache("small", 40_000, _time);
        using var server = Keeping(small);
        using var client = Client();
        var pairs = Enumerable.Range(0, 10).Select(_ => TlsPair.Talked(server, client)).ToList();
        small.Count.ShouldBeInRange(9, 10);
        small.Size.ShouldBeLessThanOrEqualTo(40_000);

        foreach (var pair in pairs.Skip(1))
        {
            using var again = TlsPair.Talked(server, client, pair.Sessions[0]);
            again.Server.SessionReused.ShouldBeTrue();
            again.Server.HasPeerCertificate.ShouldBeTrue();
        }
        pairs.ForEach(pair => pair.Dispose());
        small.Size.ShouldBeLessThanOrEqualTo(40_000);
    }

    [Fact]
    public void A_client_that_resumes_again_and_again_does_not_push_another_out()
    {
        using var small = new TlsSessionCache("small", 20_000, _time);
        using var server = Keeping(small);
        using var client = Client();
        using var quiet = TlsPair.Talked(server, client);
        var busy = TlsPair.Talked(server, client);
        for (var i = 0; i < 40; i++)
        {
            var next = TlsPair.Talked(server, client, busy.Sessions[0]);
            next.Server.SessionReused.ShouldBeTrue();
            busy.Dispose();
            busy = next;
        }
        busy.Dispose();
        small.Size.ShouldBeInRange(10_000, 20_000);

        using var again = TlsPair.Talked(server, client, quiet.Sessions[0]);
        again.Server.SessionReused.ShouldBeTrue();
    }

    [Fact]
    public void A_refused_client_is_refused_again_when_it_resumes()
    {
        using var stranger = Identity.SelfSigned("CN=Stranger", CertificateShape.Client);
        using var server = TlsServerContext.Create(Options(TlsProtocols.Tls13, ticket: true, kept: true));
        using var client = TlsClientContext.Create(new TlsClientOptions { Certificate = _pki.Pair("stranger", stranger) });
        using var first = TlsPair.Talked(server, client);
        first.Server.VerifyResult.ShouldNotBe(TlsVerification.Ok);
        using (var second = TlsPair.Talked(server, client, first.Sessions[0]))
        {
            second.Server.VerifyResult.ShouldBe(first.Server.VerifyResult);
        }

        first.Server.ForgetSession();
        using var third = TlsPair.Talked(server, client, first.Sessions[0]);
        third.Server.SessionReused.ShouldBeFalse();
    }

    public void Dispose()
    {
        _pki.Dispose();
        _shared.Dispose();
    }

    private TlsServerOptions Options(
        TlsProtocols version, bool ticket, string? crl = null, TlsVerifyMode mode = TlsVerifyMode.On, bool compatible = false, bool kept = false) => new()
        {
            Certificates = [_pki.ServerPair],
            Protocols = version,
            VerifyMode = mode,
            ClientCertificate = _pki.RootFile,
            Crl = crl,
            SessionTickets = ticket || kept,
            TicketKeys = ticket && !kept ? [_key] : [],
            TicketSessions = kept ? _shared : null,
            SessionCache = ticket ? null : _shared,
            SessionCacheMode = ticket ? TlsSessionCacheMode.None : TlsSessionCacheMode.Shared,
            ResumesAcrossTrust = compatible,
            Time = _time,
        };

    private TlsClientContext Client() => TlsClientContext.Create(new TlsClientOptions { Certificate = _pki.ClientPair });

    private TlsServerContext Keeping(TlsSessionCache sessions) => TlsServerContext.Create(new TlsServerOptions
    {
        Certificates = [_pki.ServerPair], VerifyMode = TlsVerifyMode.On, ClientCertificate = _pki.RootFile, TicketSessions = sessions, Time = _time,
    });

    private sealed class Switch(TlsServerContext other) : ITlsServerEvents
    {
        public ServerNameResult OnServerName(TlsConnection connection, string? serverName) => ServerNameResult.Use(other);
    }
}
