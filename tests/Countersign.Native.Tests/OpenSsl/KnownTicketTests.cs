namespace Countersign.Native.Tests.OpenSsl;

/// <summary>TLS 1.2 tickets of ours are resumed from memory: each test's other context has keys of its own, so it could not open them.</summary>
public sealed class KnownTicketTests : IDisposable
{
    private readonly TlsPki _pki = new();
    private readonly TlsSessionCache _store = new("tickets", 1_000_000);
    private readonly TlsClientContext _client;
    private readonly TlsServerContext _first;
    private readonly TlsPair _made;

    public KnownTicketTests()
    {
        _client = TlsClientContext.Create(new TlsClientOptions { Certificate = _pki.ClientPair });
        _first = Server(_store);
        _made = TlsPair.Connected(_first, _client);
    }

    [Fact]
    public void One_that_is_known_is_resumed_without_being_opened()
    {
        using var other = Server(_store);
        for (var time = 0; time < 3; time++)
        {
            using var again = TlsPair.Connected(other, _client, resume: _made.Sessions[0]);
            again.Server.SessionReused.ShouldBeTrue();
            again.Server.VerifyResult.ShouldBe(TlsVerification.Ok);
            again.Server.HasPeerCertificate.ShouldBeTrue();
            again.Exchange("hello");
        }
        _store.Count.ShouldBe(1);
    }

    [Fact]
    public void One_that_is_not_known_is_opened()
    {
        _store.Dispose();
        using var again = TlsPair.Connected(_first, _client, resume: _made.Sessions[0]);
        again.Server.SessionReused.ShouldBeTrue();

        using var other = Server(_store);
        using var afresh = TlsPair.Connected(other, _client, resume: _made.Sessions[0]);
        afresh.Server.SessionReused.ShouldBeFalse();
        afresh.Sessions.Count.ShouldBe(1);
    }

    [Fact]
    public void A_client_revoked_since_is_verified_afresh()
    {
        using var strict = Server(_store, _pki.Write("crl.pem", _pki.Root.Crl([_pki.Client])));
        using var again = TlsPair.Connected(strict, _client, resume: _made.Sessions[0]);
        again.Server.SessionReused.ShouldBeFalse();
        again.Server.VerifyResult.ShouldBe(23);
    }

    [Fact]
    public void A_store_that_is_full_forgets_and_the_ticket_still_serves()
    {
        using var small = new TlsSessionCache("small", 30_000);
        using var server = Server(small);
        var pairs = Enumerable.Range(0, 10).Select(_ => TlsPair.Connected(server, _client)).ToList();
        small.Size.ShouldBeLessThanOrEqualTo(30_000);
        foreach (var pair in pairs)
        {
            using var again = TlsPair.Connected(server, _client, resume: pair.Sessions[0]);
            again.Server.SessionReused.ShouldBeTrue();
        }
        pairs.ForEach(pair => pair.Dispose());
    }

    [Fact]
    public void To_show_anothers_ticket_is_not_to_have_its_session()
    {
        // A session of the thief's own, and in it the ticket that he saw on the wire.
        using var thief = TlsClientContext.Create(new TlsClientOptions { Certificate = _pki.ClientPair });
        using var own = TlsPair.Connected(_first, thief);
        using var forged = own.Sessions[0].WithTicketOf(_made.Sessions[0]);
        using var attempt = new TlsPair(_first, thief, resume: forged);
        attempt.Handshake().Server.ShouldBe(TlsStatus.Failed);

        using var owner = TlsPair.Connected(_first, _client, resume: _made.Sessions[0]);
        owner.Server.SessionReused.ShouldBeTrue();
    }

    public void Dispose()
    {
        _made.Dispose();
        _first.Dispose();
        _client.Dispose();
        _store.Dispose();
        _pki.Dispose();
    }

    private TlsServerContext Server(TlsSessionCache store, string? crl = null) => TlsServerContext.Create(new TlsServerOptions
    {
        Certificates = [_pki.ServerPair],
        Protocols = TlsProtocols.Tls12,
        VerifyMode = TlsVerifyMode.On,
        ClientCertificate = _pki.RootFile,
        Crl = crl,
        TicketSessions = store,
    });
}

file static class Forgery
{
    /// <summary>In the encoding both tickets are as long, and stand as they are.</summary>
    public static unsafe TlsSession WithTicketOf(this TlsSession session, TlsSession other)
    {
        var bytes = Encode(session);
        var ticket = Ticket(Encode(other));
        Ticket(bytes).Length.ShouldBe(ticket.Length);
        ticket.CopyTo(Ticket(bytes));
        fixed (byte* start = bytes)
        {
            var at = start;
            return new TlsSession(NativeSession.Decode(null, &at, bytes.Length));
        }
    }

    // [10] EXPLICIT OCTET STRING of SSL_SESSION_ASN1: the longest string in it but the certificate, here found by its tag.
    private static Span<byte> Ticket(byte[] session)
    {
        for (var at = session.Length - 1; at > 0; at--)
        {
            if (session[at] == 0xAA && session[at + 1] == 0x82 && session[at + 4] == 0x04 && session[at + 5] == 0x82)
            {
                return session.AsSpan(at + 8, session[at + 6] << 8 | session[at + 7]);
            }
        }
        throw new InvalidOperationException("the session has no ticket");
    }

    private static unsafe byte[] Encode(TlsSession session)
    {
        var bytes = new byte[NativeSession.Encode(session.Handle, null)];
        fixed (byte* start = bytes)
        {
            var at = start;
            _ = NativeSession.Encode(session.Handle, &at);
        }
        return bytes;
    }
}
