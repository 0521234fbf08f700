namespace Countersign.Native.Tests.OpenSsl;

public sealed class ServerNameTests : IDisposable
{
    private readonly TlsPki _pki = new();

    [Theory]
    [InlineData(TlsProtocols.Tls12)]
    [InlineData(TlsProtocols.Tls13)]
    public void A_server_name_switches_certificate_and_verification(TlsProtocols protocols)
    {
        using var other = _pki.Root.Issue("CN=other.example", CertificateShape.Server);
        using var first = TlsServerContext.Create(_pki.ServerOptions(protocols));
        using var second = TlsServerContext.Create(new TlsServerOptions { Certificates = [_pki.Pair("other", other)] });
        var events = new Names(name => name == "other.example" ? ServerNameResult.Use(second) : ServerNameResult.Keep);

        using (var pair = Connect(first, events, "other.example"))
        {
            pair.Server.Context.ShouldBe(second);
            Subject(pair.Client).ShouldBe("CN=other.example");
            // The second server does not ask, so the client's certificate was not sent.
            pair.Server.HasPeerCertificate.ShouldBeFalse();
            pair.Server.ServerName.ShouldBe("other.example");
        }
        using (var pair = Connect(first, events, "server.example"))
        {
            pair.Server.Context.ShouldBe(first);
            pair.Server.HasPeerCertificate.ShouldBeTrue();
        }
        events.Asked.ShouldBe(["other.example", "server.example"]);
    }

    [Fact]
    public void Protocols_of_the_named_server_hold_and_not_those_of_the_default()
    {
        using var first = TlsServerContext.Create(_pki.ServerOptions(TlsProtocols.Tls13));
        using var second = TlsServerContext.Create(_pki.ServerOptions(TlsProtocols.Tls12));
        using var pair = Connect(first, new Names(_ => ServerNameResult.Use(second)), "any.example");

        pair.Server.Protocol.ShouldBe("TLSv1.2");
    }

    [Fact]
    public void Without_SNI_the_question_comes_with_null()
    {
        using var server = TlsServerContext.Create(_pki.ServerOptions());
        var events = new Names(_ => ServerNameResult.Keep);
        using var pair = Connect(server, events, null);

        events.Asked.ShouldBe([null]);
    }

    [Fact]
    public void A_refused_name_ends_the_handshake_with_unrecognized_name()
    {
        using var server = TlsServerContext.Create(new TlsServerOptions());
        using var client = TlsClientContext.Create(new TlsClientOptions());
        using var pair = new TlsPair(server, client, new Names(_ => ServerNameResult.Refuse(TlsAlert.UnrecognizedName)), "a.example");

        pair.Handshake().ShouldBe((TlsStatus.Failed, TlsStatus.Failed));
        pair.Server.IsRejected.ShouldBeTrue();
        pair.Client.Error!.PeerAlert.ShouldBe(112);
    }

    [Fact]
    public void A_suspended_question_is_asked_again_and_the_handshake_goes_on()
    {
        using var server = TlsServerContext.Create(_pki.ServerOptions());
        using var client = TlsClientContext.Create(new TlsClientOptions());
        var times = 0;
        using var pair = new TlsPair(server, client, new Names(_ => times++ == 0 ? ServerNameResult.Suspend : ServerNameResult.Keep));

        pair.Handshake().ShouldBe((TlsStatus.Suspended, TlsStatus.WantRead));
        pair.Handshake().ShouldBe((TlsStatus.Done, TlsStatus.Done));
        times.ShouldBe(2);
    }

    [Fact]
    public void An_exception_of_the_owner_ends_the_handshake_and_comes_back()
    {
        using var server = TlsServerContext.Create(_pki.ServerOptions());
        using var client = TlsClientContext.Create(new TlsClientOptions());
        using var pair = new TlsPair(server, client, new Names(_ => throw new InvalidOperationException("mine")));

        pair.Handshake().ShouldBe((TlsStatus.Failed, TlsStatus.Failed));
        pair.Server.CallbackFailure.ShouldNotBeNull().Message.ShouldBe("mine");
        pair.Server.IsRejected.ShouldBeFalse();
        pair.Client.Error!.PeerAlert.ShouldBe(80);
    }

    public void Dispose() => _pki.Dispose();

    private TlsPair Connect(TlsServerContext server, ITlsServerEvents events, string? name)
    {
        using var client = TlsClientContext.Create(new TlsClientOptions { Certificate = _pki.ClientPair });
        return TlsPair.Connected(server, client, events, name);
    }

    private static string Subject(TlsConnection connection)
    {
        using var certificate = connection.PeerCertificate();
        return System.Text.Encoding.ASCII.GetString(certificate!.SubjectDn);
    }

    private sealed class Names(Func<string?, ServerNameResult> answer) : ITlsServerEvents
    {
        public List<string?> Asked { get; } = [];

        public ServerNameResult OnServerName(TlsConnection connection, string? serverName)
        {
            Asked.Add(serverName);
            return answer(serverName);
        }
    }
}
