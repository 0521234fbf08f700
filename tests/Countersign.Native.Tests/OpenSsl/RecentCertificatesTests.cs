namespace Countersign.Native.Tests.OpenSsl;

public sealed class RecentCertificatesTests : IDisposable
{
    private readonly TlsPki _pki = new();
    private readonly TlsSessionCache _sessions = new("sessions", 1_000_000);
    private readonly RecentCertificates _recent = new();
    private readonly TlsServerContext _server;

    public RecentCertificatesTests() => _server = TlsServerContext.Create(new TlsServerOptions
    {
        Certificates = [_pki.ServerPair], VerifyMode = TlsVerifyMode.On, ClientCertificate = _pki.RootFile, TicketSessions = _sessions,
    });

    [Fact]
    public void A_client_that_comes_back_finds_its_texts_made()
    {
        using var client = Client();
        using var first = TlsPair.Talked(_server, client);
        var text = _recent.Of(first.Server)!.EscapedPem;
        using var second = TlsPair.Talked(_server, client, first.Sessions[0]);
        second.Server.SessionReused.ShouldBeTrue();
        _recent.Of(second.Server)!.EscapedPem.ShouldBeSameAs(text);
    }

    [Fact]
    public void A_client_without_a_certificate_has_none()
    {
        using var client = TlsClientContext.Create(new TlsClientOptions());
        using var pair = TlsPair.Talked(_server, client);
        _recent.Of(pair.Server).ShouldBeNull();
    }

    [Fact]
    public void The_oldest_goes_and_is_made_again_when_it_is_asked_for()
    {
        using var client = Client();
        using var first = TlsPair.Talked(_server, client);
        var old = _recent.Of(first.Server)!;
        for (var index = 0; index < 256; index++)
        {
            using var next = TlsPair.Connected(_server, client);
            _recent.Of(next.Server).ShouldNotBeNull();
        }
        var made = _recent.Of(first.Server)!;
        made.ShouldNotBeSameAs(old);
        made.Der.ShouldBe(_pki.Client.Certificate.RawData);
        Should.Throw<ObjectDisposedException>(() => old.SubjectDn);
    }

    [Fact]
    public void Of_very_large_ones_the_last_alone_is_kept()
    {
        using var one = Large("one");
        using var other = Large("other");
        using var first = TlsPair.Connected(_server, one);
        using var second = TlsPair.Connected(_server, other);
        var old = _recent.Of(first.Server)!;
        _recent.Of(first.Server).ShouldBeSameAs(old);
        _recent.Of(second.Server)!.Der.Length.ShouldBeGreaterThan(8 * 1024);
        Should.Throw<ObjectDisposedException>(() => old.SubjectDn);
    }

    public void Dispose()
    {
        _recent.Dispose();
        _server.Dispose();
        _sessions.Dispose();
        _pki.Dispose();
    }

    private TlsClientContext Client() => TlsClientContext.Create(new TlsClientOptions { Certificate = _pki.ClientPair });

    private TlsClientContext Large(string name) => TlsClientContext.Create(new TlsClientOptions
    {
        Certificate = _pki.Pair(name, _pki.Root.Issue($"CN={name}", CertificateShape.Client with { DnsNames = [.. Enumerable.Range(0, 1000).Select(number => $"n{number}.example")] })),
    });
}
