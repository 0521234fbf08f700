namespace Countersign.Native.Tests.OpenSsl;

public sealed class ClientTests : IDisposable
{
    private readonly TlsPki _pki = new();

    [Theory]
    [InlineData("localhost", true)]
    [InlineData("service.domain.com", true)]
    [InlineData("server.example", false)]
    [InlineData("", false)]
    public void The_server_is_verified_and_its_name_compared(string name, bool matches)
    {
        using var server = TlsServerContext.Create(_pki.ServerOptions());
        using var client = Verifying(_pki.RootFile);
        using var pair = new TlsPair(server, client, verifyName: name);
        pair.Handshake().ShouldBe((TlsStatus.Done, TlsStatus.Done));

        pair.Client.VerifyResult.ShouldBe(TlsVerification.Ok);
        pair.Client.MatchesVerifyName.ShouldBe(matches);
    }

    [Fact]
    public void A_server_of_an_unknown_CA_completes_the_handshake_and_is_reported()
    {
        using var other = Identity.SelfSigned("CN=Other");
        using var server = TlsServerContext.Create(_pki.ServerOptions());
        using var client = Verifying(_pki.Write("other.pem", other.Pem));
        using var pair = TlsPair.Connected(server, client);

        pair.Client.VerifyResult.ShouldBe(21);
    }

    [Fact]
    public void A_key_pair_for_one_connection_replaces_the_context_s()
    {
        using var special = _pki.Root.Issue("CN=Special");
        using var server = TlsServerContext.Create(_pki.ServerOptions());
        using var client = TlsClientContext.Create(new TlsClientOptions { Certificate = _pki.ClientPair });
        using var pair = new TlsPair(server, client);
        pair.Client.UseKeyPair(_pki.Pair("special", special), null);
        pair.Handshake().ShouldBe((TlsStatus.Done, TlsStatus.Done));

        using var presented = pair.Server.PeerCertificate();
        presented!.Der.ShouldBe(special.Certificate.RawData);
    }

    [Fact]
    public void A_missing_file_for_one_connection_is_named()
    {
        using var server = TlsServerContext.Create(_pki.ServerOptions());
        using var client = TlsClientContext.Create(new TlsClientOptions());
        using var pair = new TlsPair(server, client);
        Should.Throw<TlsConfigurationException>(() => pair.Client.UseKeyPair(new TlsKeyPair(_pki.Missing("x"), _pki.Missing("y")), null))
            .Message.ShouldStartWith($"cannot load certificate \"{_pki.Missing("x")}\": BIO_new_file() failed (SSL: ");
    }

    [Fact]
    public void Verification_without_trust_is_a_configuration_error() =>
        Should.Throw<TlsConfigurationException>(() => TlsClientContext.Create(new TlsClientOptions { Verify = true }))
            .Message.ShouldBe("no proxy_ssl_trusted_certificate for proxy_ssl_verify");

    [Fact]
    public void Without_session_reuse_no_session_arrives()
    {
        using var server = TlsServerContext.Create(_pki.ServerOptions());
        using var client = TlsClientContext.Create(new TlsClientOptions { SessionReuse = false });
        using var pair = TlsPair.Connected(server, client);
        pair.Exchange("hello");

        pair.Sessions.ShouldBeEmpty();
    }

    public void Dispose() => _pki.Dispose();

    private static TlsClientContext Verifying(string trusted) =>
        TlsClientContext.Create(new TlsClientOptions { Verify = true, TrustedCertificate = trusted });
}
