namespace Countersign.Native.Tests.OpenSsl;

/// <summary>What a handshake leaves behind for whoever has to explain it.</summary>
public sealed class HandshakeProgressTests : IDisposable
{
    private const byte ClientHello = 1;
    private const byte CertificateRequest = 13;

    private readonly TlsPki _pki = new();

    [Theory]
    [InlineData(TlsProtocols.Tls12, 0x0303)]
    [InlineData(TlsProtocols.Tls13, 0x0304)]
    public void The_hello_and_the_request_are_there_until_nobody_wants_the_hello(TlsProtocols protocols, int version)
    {
        using var server = TlsServerContext.Create(_pki.ServerOptions(protocols));
        using var client = TlsClientContext.Create(new TlsClientOptions { Certificate = _pki.ClientPair });
        server.Offer.CertificateRequest(version).ShouldBeNull();
        using var pair = TlsPair.Connected(server, client);

        pair.Server.ClientHello[0].ShouldBe(ClientHello);
        pair.Server.WasAsked.ShouldBeTrue();
        pair.Server.NegotiatedVersion.ShouldBe(version);
        pair.Server.Stage.ShouldBe(TlsHandshakeStage.Done);
        pair.Server.AlertSent.ShouldBeNull();
        pair.Server.ForgetClientHello();
        pair.Server.ClientHello.IsEmpty.ShouldBeTrue();

        server.Offer.CertificateRequest(version).ShouldNotBeNull()[0].ShouldBe(CertificateRequest);
        server.Offer.CertificateRequest(0x0303 + 0x0304 - version).ShouldBeNull("only one version was spoken");
        // The next client's hello is kept although there is nothing to learn of the request any more.
        using var next = TlsPair.Connected(server, client);
        next.Server.ClientHello[0].ShouldBe(ClientHello);
    }

    [Fact]
    public void A_server_shows_its_chain_and_its_suites()
    {
        using var server = TlsServerContext.Create(_pki.ServerOptions());
        server.Offer.ReadChain().ShouldNotBeEmpty();
        server.Offer.ReadCipherSuites().ShouldContain(0x1301);
        server.Offer.ReadCipherSuites().ShouldContain(0xc02b);
        // Of type ClientHello, and as long as its header says.
        var hello = server.Offer.ReadHello();
        hello.Length.ShouldBe(4 + ((hello[1] << 16) | (hello[2] << 8) | hello[3]));
        hello[0].ShouldBe((byte)1);
    }

    [Fact]
    public void A_refused_hello_leaves_the_alert_that_went_out()
    {
        using var server = TlsServerContext.Create(_pki.ServerOptions(TlsProtocols.Tls13));
        using var client = TlsClientContext.Create(new TlsClientOptions { Protocols = TlsProtocols.Tls12 });
        using var pair = new TlsPair(server, client);

        pair.Handshake().Server.ShouldBe(TlsStatus.Failed);
        pair.Server.AlertSent.ShouldBe(70);
        pair.Server.Stage.ShouldBe(TlsHandshakeStage.Hello);
        pair.Server.WasAsked.ShouldBeFalse();
        pair.Server.Error.ShouldNotBeNull().Entries[^1].Words.ShouldBe("unsupported protocol");
        pair.Server.ClientHello[0].ShouldBe(ClientHello);
    }

    public void Dispose() => _pki.Dispose();
}
