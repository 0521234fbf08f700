namespace Countersign.Native.Tests.OpenSsl;

/// <summary>What clients send along with their certificates is parsed by libssl for each of them, and kept once for all.</summary>
public sealed class SharedIssuerTests : IDisposable
{
    private readonly TlsPki _pki = new();
    private readonly Identity _issuing;
    private readonly TlsServerContext _server;

    public SharedIssuerTests()
    {
        _issuing = _pki.Root.Issue("CN=Issuing", CertificateShape.Authority);
        _server = TlsServerContext.Create(new TlsServerOptions
        {
            Certificates = [_pki.ServerPair],
            VerifyMode = TlsVerifyMode.On,
            ClientCertificate = _pki.RootFile,
            VerifyDepth = 2,
        });
    }

    [Theory]
    [InlineData(TlsProtocols.Tls12)]
    [InlineData(TlsProtocols.Tls13)]
    public void Accepted_clients_of_one_authority_refer_to_one_intermediate(TlsProtocols version)
    {
        using var one = Connected(version, "one", _issuing.Issue("CN=One"));
        using var other = Connected(version, "other", _issuing.Issue("CN=Other"));
        IntermediateOf(one).ShouldBe(IntermediateOf(other));
    }

    [Fact]
    public void It_is_what_the_client_sent()
    {
        using var pair = Connected(TlsProtocols.Tls13, "one", _issuing.Issue("CN=One"));
        var presented = pair.Server.PresentedChain();
        presented[1].Der.ShouldBe(_issuing.Certificate.RawData);
        Dispose(presented);
    }

    [Fact]
    public void It_outlives_the_connection_that_brought_it()
    {
        using (Connected(TlsProtocols.Tls13, "one", _issuing.Issue("CN=One")))
        {
        }
        using var pair = Connected(TlsProtocols.Tls13, "other", _issuing.Issue("CN=Other"));
        var presented = pair.Server.PresentedChain();
        presented[1].Der.ShouldBe(_issuing.Certificate.RawData);
        Dispose(presented);
    }

    [Fact]
    public void Of_a_refused_client_nothing_is_kept()
    {
        using var stranger = Identity.SelfSigned("CN=Stranger", CertificateShape.Authority);
        using var one = Connected(TlsProtocols.Tls13, "one", stranger.Issue("CN=One"), stranger);
        using var other = Connected(TlsProtocols.Tls13, "other", stranger.Issue("CN=Other"), stranger);
        one.Server.VerifyResult.ShouldNotBe(TlsVerification.Ok);
        IntermediateOf(one).ShouldNotBe(IntermediateOf(other));
    }

    [Fact]
    public void However_many_authorities_there_are_a_few_hundred_are_kept()
    {
        for (var number = 0; number < 300; number++)
        {
            using var authority = _pki.Root.Issue($"CN=Authority {number}", CertificateShape.Authority);
            using var client = authority.Issue("CN=Client");
            using var pair = Connected(TlsProtocols.Tls13, "client", client, authority);
            pair.Server.VerifyResult.ShouldBe(TlsVerification.Ok);
        }
        TlsSharedIssuers.Count.ShouldBeInRange(1, 256);
    }

    public void Dispose()
    {
        _server.Dispose();
        _issuing.Dispose();
        _pki.Dispose();
    }

    private TlsPair Connected(TlsProtocols version, string name, Identity client, Identity? issuer = null)
    {
        using var context = TlsClientContext.Create(new TlsClientOptions { Certificate = _pki.Pair(name, client, issuer ?? _issuing), Protocols = version });
        return TlsPair.Talked(_server, context);
    }

    private static nint IntermediateOf(TlsPair pair)
    {
        var presented = pair.Server.PresentedChain();
        var handle = presented[1].Handle;
        Dispose(presented);
        return handle;
    }

    private static void Dispose(IReadOnlyList<Certificate> certificates)
    {
        foreach (var certificate in certificates)
        {
            certificate.Dispose();
        }
    }
}
