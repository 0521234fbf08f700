namespace Countersign.Native.Tests.OpenSsl;

public sealed class HandshakeTests : IDisposable
{
    private readonly TlsPki _pki = new();

    public static TheoryData<TlsProtocols, string> Versions => new()
    {
        { TlsProtocols.Tls12, "TLSv1.2" },
        { TlsProtocols.Tls13, "TLSv1.3" },
    };

    [Theory]
    [MemberData(nameof(Versions))]
    public void A_client_with_a_good_certificate_is_verified_and_data_flows(TlsProtocols protocols, string name)
    {
        using var server = TlsServerContext.Create(_pki.ServerOptions(protocols));
        using var client = Client();
        using var pair = TlsPair.Connected(server, client, serverName: "server.example");

        pair.Exchange("hello");
        pair.Server.Protocol.ShouldBe(name);
        pair.Server.VerifyResult.ShouldBe(TlsVerification.Ok);
        pair.Server.Verifications.ShouldBeEmpty();
        pair.Server.HasPeerCertificate.ShouldBeTrue();
        pair.Server.ServerName.ShouldBe("server.example");
        pair.Server.SessionReused.ShouldBeFalse();
        pair.Server.Cipher.ShouldBe(pair.Client.Cipher);
        pair.Server.Ciphers.ShouldNotBeNull().Split(':').ShouldContain(pair.Server.Cipher);
        pair.Server.Curves.ShouldNotBeNull().Split(':').ShouldContain(pair.Server.Curve);
        using var certificate = pair.Server.PeerCertificate();
        certificate.ShouldNotBeNull().Der.ShouldBe(_pki.Client.Certificate.RawData);
    }

    [Fact]
    public void Without_a_certificate_the_handshake_completes_and_the_result_is_ok()
    {
        using var server = TlsServerContext.Create(_pki.ServerOptions());
        using var client = TlsClientContext.Create(new TlsClientOptions());
        using var pair = TlsPair.Connected(server, client);

        pair.Server.HasPeerCertificate.ShouldBeFalse();
        pair.Server.PeerCertificate().ShouldBeNull();
        pair.Server.PresentedChain().ShouldBeEmpty();
        pair.Server.VerifyResult.ShouldBe(TlsVerification.Ok);
    }

    [Fact]
    public void A_certificate_of_an_unknown_CA_completes_the_handshake_and_is_reported()
    {
        using var other = Identity.SelfSigned("CN=Other");
        using var stranger = other.Issue("CN=Stranger");
        var (result, text, verifications) = Verify(_pki.ServerOptions(), _pki.Pair("stranger", stranger));

        result.ShouldBe(21);
        text.ShouldBe("unable to verify the first certificate");
        verifications.Select(each => each.Error).ShouldBe([20, 21]);
        TlsVerification.IsOptionalNoCa(result).ShouldBeTrue();
    }

    [Fact]
    public void An_expired_certificate_is_reported_and_is_no_matter_of_a_missing_CA()
    {
        using var late = _pki.Root.Issue("CN=Late", CertificateShape.Client with { NotAfter = DateTimeOffset.UtcNow.AddMinutes(-5) });
        var (result, text, verifications) = Verify(_pki.ServerOptions(), _pki.Pair("late", late));

        result.ShouldBe(10);
        text.ShouldBe("certificate has expired");
        verifications.ShouldBe([new TlsVerification(10, 0)]);
        TlsVerification.IsOptionalNoCa(result).ShouldBeFalse();
    }

    [Fact]
    public void A_revoked_certificate_is_reported_with_its_CRL_and_fine_without()
    {
        var crl = _pki.Write("crl.pem", _pki.Root.Crl([_pki.Client]));
        var options = _pki.ServerOptions();
        Verify(options, _pki.ClientPair).Result.ShouldBe(TlsVerification.Ok);

        var (result, text, _) = Verify(
            new TlsServerOptions { Certificates = options.Certificates, VerifyMode = TlsVerifyMode.On, ClientCertificate = _pki.RootFile, Crl = crl },
            _pki.ClientPair);
        result.ShouldBe(23);
        text.ShouldBe("certificate revoked");
    }

    [Fact]
    public void A_chain_longer_than_the_depth_ends_as_a_missing_issuer_and_only_the_first_problem_says_why()
    {
        using var middle = _pki.Root.Issue("CN=Middle", CertificateShape.Authority);
        using var lower = middle.Issue("CN=Lower", CertificateShape.Authority);
        using var leaf = lower.Issue("CN=Leaf");
        var identity = _pki.Pair("leaf", leaf, lower, middle);
        TlsServerOptions Depth(int depth) => new()
        {
            Certificates = [_pki.ServerPair], VerifyMode = TlsVerifyMode.On, ClientCertificate = _pki.RootFile, VerifyDepth = depth,
        };

        Verify(Depth(2), identity).Result.ShouldBe(TlsVerification.Ok);
        var (result, _, verifications) = Verify(Depth(1), identity);
        result.ShouldBe(20);
        verifications[0].Text.ShouldBe("certificate chain too long");
    }

    [Fact]
    public void The_presented_chain_starts_with_the_leaf_and_the_verified_one_ends_at_the_root()
    {
        using var middle = _pki.Root.Issue("CN=Middle", CertificateShape.Authority);
        using var leaf = middle.Issue("CN=Leaf");
        using var server = TlsServerContext.Create(_pki.ServerOptions());
        using var client = Client(_pki.Pair("leaf", leaf, middle));
        using var pair = TlsPair.Connected(server, client);

        Names(pair.Server.PresentedChain()).ShouldBe(["CN=Leaf", "CN=Middle"]);
        Names(pair.Server.VerifiedChain()).ShouldBe(["CN=Leaf", "CN=Middle", "CN=Root"]);
        Names(pair.Client.PresentedChain()).ShouldBe(["CN=server.example"]);
    }

    [Fact]
    public void A_close_notify_is_told_from_an_end_without_one()
    {
        using var server = TlsServerContext.Create(_pki.ServerOptions());
        using var client = Client();
        using (var pair = TlsPair.Connected(server, client))
        {
            pair.Client.ShutDown().ShouldBe(TlsStatus.Done);
            pair.Server.Read(new byte[10], out _).ShouldBe(TlsStatus.Closed);
        }
        using (var pair = TlsPair.Connected(server, client))
        {
            pair.CloseClientSocket();
            pair.Server.Read(new byte[10], out _).ShouldBe(TlsStatus.Ended);
        }
    }

    [Fact]
    public void A_peer_that_leaves_inside_the_handshake_is_an_end_without_an_error()
    {
        using var server = TlsServerContext.Create(_pki.ServerOptions());
        using var client = Client();
        using var pair = new TlsPair(server, client);
        pair.Client.Handshake().ShouldBe(TlsStatus.WantRead);
        pair.Server.Handshake().ShouldBe(TlsStatus.WantRead);
        pair.CloseClientSocket();

        pair.Server.Handshake().ShouldBe(TlsStatus.Ended);
        pair.Server.Error.ShouldBeNull();
    }

    [Fact]
    public void Plain_HTTP_fails_with_nginx_s_text()
    {
        using var server = TlsServerContext.Create(_pki.ServerOptions());
        using var client = Client();
        using var pair = new TlsPair(server, client);
        pair.RawSend("GET / HTTP/1.1\r\nHost: example\r\n\r\n"u8).ShouldBeGreaterThan(0);

        pair.Server.Handshake().ShouldBe(TlsStatus.Failed);
        var error = pair.Server.Error.ShouldNotBeNull();
        error.Call.ShouldBe("SSL_do_handshake()");
        error.Text.ShouldBe("(SSL: error:0A00009C:SSL routines::http request)");
        error.Reason.ShouldBe(156);
        error.IsPeerFault.ShouldBeTrue();
    }

    [Fact]
    public void An_alert_of_the_peer_is_named()
    {
        using var server = TlsServerContext.Create(_pki.ServerOptions(TlsProtocols.Tls12));
        using var client = TlsClientContext.Create(new TlsClientOptions { Protocols = TlsProtocols.Tls13 });
        using var pair = new TlsPair(server, client);

        pair.Handshake().ShouldBe((TlsStatus.Failed, TlsStatus.Failed));
        pair.Server.Error!.Text.ShouldBe("(SSL: error:0A000102:SSL routines::unsupported protocol)");
        pair.Client.Error!.PeerAlert.ShouldBe(70);
    }

    [Fact]
    public void A_write_that_fills_the_socket_wants_to_write_again_and_loses_nothing()
    {
        using var server = TlsServerContext.Create(_pki.ServerOptions());
        using var client = Client();
        using var pair = TlsPair.Connected(server, client);
        var block = new byte[64 * 1024];
        Random.Shared.NextBytes(block);

        var sent = new List<byte>();
        var received = new List<byte>();
        var blocked = false;
        while (received.Count < 2_000_000)
        {
            var status = pair.Server.Write(block, out var count);
            sent.AddRange(block.AsSpan(0, count));
            if (status == TlsStatus.Done)
            {
                continue;
            }
            status.ShouldBe(TlsStatus.WantWrite);
            blocked = true;
            var buffer = new byte[100_000];
            while (pair.Client.Read(buffer, out var read) == TlsStatus.Done)
            {
                received.AddRange(buffer.AsSpan(0, read));
            }
        }
        blocked.ShouldBeTrue();
        received.ShouldBe(sent.Take(received.Count));
    }

    public void Dispose() => _pki.Dispose();

    private TlsClientContext Client(TlsKeyPair? identity = null) =>
        TlsClientContext.Create(new TlsClientOptions { Certificate = identity ?? _pki.ClientPair });

    private static (int Result, string Text, IReadOnlyList<TlsVerification> Verifications) Verify(TlsServerOptions options, TlsKeyPair identity)
    {
        using var server = TlsServerContext.Create(options);
        using var client = TlsClientContext.Create(new TlsClientOptions { Certificate = identity });
        using var pair = TlsPair.Connected(server, client);
        pair.Server.HasPeerCertificate.ShouldBeTrue();
        return (pair.Server.VerifyResult, pair.Server.VerifyResultText, pair.Server.Verifications);
    }

    private static string[] Names(IReadOnlyList<Certificate> chain)
    {
        var names = chain.Select(each => System.Text.Encoding.ASCII.GetString(each.SubjectDn)).ToArray();
        foreach (var each in chain)
        {
            each.Dispose();
        }
        return names;
    }
}
