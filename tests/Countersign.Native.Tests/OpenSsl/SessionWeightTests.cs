namespace Countersign.Native.Tests.OpenSsl;

/// <summary>What a client sends along with its certificate does not stay with its session, when it is much or a stranger's.</summary>
public sealed class SessionWeightTests : IDisposable
{
    private readonly TlsPki _pki = new();
    private readonly Identity _issuing;
    private readonly TlsSessionCache _sessions = new("sessions", 1_000_000);

    public SessionWeightTests() => _issuing = _pki.Root.Issue("CN=Issuing", CertificateShape.Authority);

    [Theory]
    [InlineData(TlsProtocols.Tls12)]
    [InlineData(TlsProtocols.Tls13)]
    public void A_strangers_long_chain_goes_with_its_connection(TlsProtocols version)
    {
        using var stranger = Identity.SelfSigned("CN=Stranger", CertificateShape.Client);
        Resumed(version, stranger, Many(20)).ShouldBe((false, 1));
    }

    [Theory]
    [InlineData(TlsProtocols.Tls12)]
    [InlineData(TlsProtocols.Tls13)]
    public void So_does_what_a_verified_client_sends_beyond_all_measure(TlsProtocols version) =>
        Resumed(version, _issuing.Issue("CN=One"), [_issuing, .. Many(60)]).ShouldBe((true, 1));

    [Theory]
    [InlineData(TlsProtocols.Tls12)]
    [InlineData(TlsProtocols.Tls13)]
    public void A_verified_clients_intermediate_stays(TlsProtocols version) =>
        Resumed(version, _issuing.Issue("CN=One"), [_issuing]).ShouldBe((true, 2));

    public void Dispose()
    {
        _sessions.Dispose();
        _issuing.Dispose();
        _pki.Dispose();
    }

    private static Identity[] Many(int count) =>
        [.. Enumerable.Range(0, count).Select(number => Identity.SelfSigned($"CN=Company {number}", CertificateShape.Client))];

    /// <returns>Whether the client is verified when it resumes, and how many of its certificates the session still has.</returns>
    private (bool IsVerified, int Certificates) Resumed(TlsProtocols version, Identity identity, Identity[] company)
    {
        using var server = TlsServerContext.Create(new TlsServerOptions
        {
            Certificates = [_pki.ServerPair],
            Protocols = version,
            VerifyMode = TlsVerifyMode.On,
            ClientCertificate = _pki.RootFile,
            VerifyDepth = 2,
            TicketSessions = _sessions,
        });
        using var client = TlsClientContext.Create(new TlsClientOptions { Certificate = _pki.Pair("client", identity, company) });
        using var first = TlsPair.Talked(server, client);
        using var second = TlsPair.Talked(server, client, first.Sessions[^1]);
        second.Server.SessionReused.ShouldBeTrue();
        var presented = second.Server.PresentedChain();
        foreach (var certificate in presented)
        {
            certificate.Dispose();
        }
        return (second.Server.VerifyResult == TlsVerification.Ok, presented.Count);
    }
}
