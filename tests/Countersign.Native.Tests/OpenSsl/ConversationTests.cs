namespace Countersign.Native.Tests.OpenSsl;

public sealed class ConversationTests : IDisposable
{
    private readonly TlsPki _pki = new();

    [Theory]
    [InlineData(TlsProtocols.Tls12, 0x0303)]
    [InlineData(TlsProtocols.Tls13, 0x0304)]
    public void A_client_that_is_asked_keeps_the_request_and_what_it_sent(TlsProtocols protocols, int version)
    {
        using var server = TlsServerContext.Create(_pki.ServerOptions());
        using var client = TlsClientContext.Create(new TlsClientOptions { Certificate = _pki.ClientPair, Protocols = protocols });
        using var pair = new TlsPair(server, client);
        var messages = pair.Client.KeepConversation();
        pair.Handshake().ShouldBe((TlsStatus.Done, TlsStatus.Done));

        var request = messages.All.Single(message => message.Kind == TlsMessageKind.CertificateRequest);
        request.IsSent.ShouldBeFalse();
        request.Version.ShouldBe(version);
        request.Bytes[0].ShouldBe((byte)13);
        System.Text.Encoding.Latin1.GetString(request.Bytes).ShouldContain("Root", Case.Sensitive, "it has the name of the CA");
        messages.All.Count(message => message is { Kind: TlsMessageKind.Certificate, IsSent: true }).ShouldBe(1);
        messages.All.Count(message => message.Kind == TlsMessageKind.Finished).ShouldBe(2);
        messages.IsCut.ShouldBeFalse();
    }

    [Fact]
    public void A_client_that_is_not_asked_keeps_no_request()
    {
        using var server = TlsServerContext.Create(new TlsServerOptions { Certificates = [_pki.ServerPair] });
        using var client = TlsClientContext.Create(new TlsClientOptions());
        using var pair = new TlsPair(server, client);
        var messages = pair.Client.KeepConversation();
        pair.Handshake().ShouldBe((TlsStatus.Done, TlsStatus.Done));

        messages.All.ShouldNotContain(message => message.Kind == TlsMessageKind.CertificateRequest);
    }

    [Fact]
    public void An_alert_is_kept_with_its_direction()
    {
        using var server = TlsServerContext.Create(_pki.ServerOptions(TlsProtocols.Tls13));
        using var client = TlsClientContext.Create(new TlsClientOptions { Protocols = TlsProtocols.Tls12 });
        using var pair = new TlsPair(server, client);
        var messages = pair.Client.KeepConversation();
        pair.Handshake();

        var alert = messages.All.Single(message => message.Kind == TlsMessageKind.Alert);
        alert.ShouldSatisfyAllConditions(() => alert.IsSent.ShouldBeFalse(), () => alert.Bytes.ShouldBe([2, 70]));
    }

    [Fact]
    public void A_protocol_that_a_client_offers_is_chosen()
    {
        using var server = TlsServerContext.Create(_pki.ServerOptions());
        using var client = TlsClientContext.Create(new TlsClientOptions { ApplicationProtocols = ["h2", "http/1.1"] });
        using var pair = TlsPair.Connected(server, client);

        pair.Client.AlpnProtocol.ShouldBe("http/1.1");
    }

    public void Dispose() => _pki.Dispose();
}
