namespace Countersign.Native.Tests.OpenSsl;

/// <summary>Certificates that are set in the middle of a handshake, and what is remembered of their files.</summary>
public sealed class VariableCertificateTests : IDisposable
{
    private readonly TlsPki _pki = new();
    private readonly SettableTime _time = new();
    private readonly TlsCredentialCache _cache;

    public VariableCertificateTests() => _cache = Cache(10);

    public static TheoryData<TlsProtocols> Versions => [TlsProtocols.Tls12, TlsProtocols.Tls13];

    [Theory]
    [MemberData(nameof(Versions))]
    public void The_owner_sets_the_certificate_of_each_handshake_that_resumes_nothing(TlsProtocols version)
    {
        using var server = Server(version);
        using var client = TlsClientContext.Create(new TlsClientOptions { Verify = true, TrustedCertificate = _pki.RootFile });
        var events = new Setting(connection => connection.UseKeyPair(_pki.ServerPair, null));
        using var first = TlsPair.Connected(server, client, events);
        first.Exchange("hello");
        using var presented = first.Client.PeerCertificate();
        presented!.Der.ShouldBe(_pki.Server.Certificate.RawData);
        first.Client.VerifyResult.ShouldBe(TlsVerification.Ok);

        using var second = TlsPair.Connected(server, client, events, resume: first.Sessions[^1]);
        second.Server.SessionReused.ShouldBeTrue();
        events.Asked.ShouldBe(1);
    }

    [Fact]
    public void A_server_that_a_name_switched_to_asks_for_its_own()
    {
        using var entrance = TlsServerContext.Create(new TlsServerOptions { Certificates = [_pki.ServerPair] });
        using var server = Server(TlsProtocols.Tls13);
        using var special = _pki.Root.Issue("CN=Special");
        var pair = _pki.Pair("special", special);
        using var client = TlsClientContext.Create(new TlsClientOptions());
        var events = new Setting(connection => connection.UseKeyPair(pair, null), server);
        using var connected = TlsPair.Connected(entrance, client, events, "special.example");

        using var presented = connected.Client.PeerCertificate();
        presented!.Der.ShouldBe(special.Certificate.RawData);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void Without_one_the_handshake_fails_and_the_client_hears_internal_error(TlsProtocols version)
    {
        using var server = Server(version);
        using var client = TlsClientContext.Create(new TlsClientOptions());
        foreach (var events in new ITlsServerEvents?[] { null, new Setting(null), new Setting(_ => throw new InvalidOperationException("thrown")) })
        {
            using var pair = new TlsPair(server, client, events);
            pair.Handshake().ShouldBe((TlsStatus.Failed, TlsStatus.Failed));
            pair.Server.Error!.ToString().ShouldBe("SSL_do_handshake() failed (SSL: error:0A000179:SSL routines::cert cb error)");
            pair.Client.Error!.PeerAlert.ShouldBe((int)TlsAlert.InternalError);
        }
    }

    [Fact]
    public void Certificate_and_key_are_kept_for_as_long_as_they_are_valid_and_then_looked_at()
    {
        using var other = _pki.Root.Issue("CN=Other");
        var pair = _pki.Pair("changing", _pki.Server);
        Presented(pair).ShouldBe(_pki.Server.Certificate.RawData);
        _cache.Count.ShouldBe(2);

        Replace("changing", other);
        Presented(pair).ShouldBe(_pki.Server.Certificate.RawData);
        _time.Now += TimeSpan.FromSeconds(61);
        Presented(pair).ShouldBe(other.Certificate.RawData);
        _cache.Count.ShouldBe(2);

        File.Delete(pair.Certificate);
        Presented(pair).ShouldBe(other.Certificate.RawData);
        _time.Now += TimeSpan.FromSeconds(61);
        Should.Throw<TlsConfigurationException>(() => Presented(pair)).Message.ShouldStartWith($"cannot load certificate \"{pair.Certificate}\": BIO_new_file() failed");
        _cache.Count.ShouldBe(1);
    }

    [Fact]
    public void A_key_that_does_not_fit_a_remembered_certificate_has_both_read_again()
    {
        using var other = _pki.Root.Issue("CN=Other");
        var pair = _pki.Pair("changing", _pki.Server);
        using var small = Cache(1);
        Presented(pair, small).ShouldBe(_pki.Server.Certificate.RawData);
        // The key is the one that is kept.
        Replace("changing", other);
        Presented(pair, small).ShouldBe(other.Certificate.RawData);

        var mismatched = new TlsKeyPair(pair.Certificate, _pki.ServerPair.Key);
        Should.Throw<TlsConfigurationException>(() => Presented(mismatched))
            .Message.ShouldBe($"SSL_use_PrivateKey(\"{mismatched.Key}\") failed (SSL: error:05800074:x509 certificate routines::key values mismatch)");
    }

    [Fact]
    public void The_longest_unused_goes_when_there_are_too_many()
    {
        using var small = Cache(4);
        TlsKeyPair[] pairs = [.. Enumerable.Range(0, 3).Select(i => _pki.Pair($"pair{i}", _pki.Server))];
        foreach (var pair in pairs)
        {
            Presented(pair, small);
            small.Count.ShouldBeLessThanOrEqualTo(4);
        }
        Array.ForEach(pairs, pair => File.Delete(pair.Certificate));
        Presented(pairs[1], small);
        Presented(pairs[2], small);
        Should.Throw<TlsConfigurationException>(() => Presented(pairs[0], small));

        _time.Now += TimeSpan.FromSeconds(11);
        Presented(_pki.Pair("late", _pki.Server), small);
        small.Count.ShouldBe(2);
        small.Dispose();
        small.Count.ShouldBe(0);
    }

    [Fact]
    public void A_key_that_a_password_opened_is_not_kept()
    {
        var pair = _pki.Pair("locked", _pki.Server);
        File.WriteAllText(pair.Key, _pki.Server.Key.ExportEncryptedPkcs8PrivateKeyPem("secret", new System.Security.Cryptography.PbeParameters(
            System.Security.Cryptography.PbeEncryptionAlgorithm.Aes256Cbc, System.Security.Cryptography.HashAlgorithmName.SHA256, 1000)));
        Presented(pair, passwords: ["wrong"u8.ToArray(), "secret"u8.ToArray()]).ShouldBe(_pki.Server.Certificate.RawData);

        _cache.Count.ShouldBe(1);
        Should.Throw<TlsConfigurationException>(() => Presented(pair)).Message.ShouldStartWith($"cannot load certificate key \"{pair.Key}\": PEM_read_bio_PrivateKey() failed");
    }

    [Fact]
    public void Written_certificates_are_kept_by_their_text_for_good()
    {
        var pair = new TlsKeyPair("data:" + _pki.Server.Pem, "data:" + _pki.Server.KeyPem);
        Presented(pair).ShouldBe(_pki.Server.Certificate.RawData);
        _time.Now += TimeSpan.FromDays(1);
        Presented(pair).ShouldBe(_pki.Server.Certificate.RawData);
        _cache.Count.ShouldBe(2);
    }

    public void Dispose()
    {
        _cache.Dispose();
        _pki.Dispose();
    }

    private TlsCredentialCache Cache(int maximum) => new(maximum, valid: TimeSpan.FromSeconds(60), inactive: TimeSpan.FromSeconds(10), _time);

    private TlsServerContext Server(TlsProtocols version) =>
        TlsServerContext.Create(new TlsServerOptions { VariableCertificates = ["$name.pem"], Protocols = version, Time = _time });

    // Another inode: the time of change has whole seconds.
    private void Replace(string name, Identity identity)
    {
        foreach (var (end, text) in new[] { ("pem", identity.Pem), ("key", identity.KeyPem) })
        {
            File.Move(_pki.Write("new", text), _pki.Missing($"{name}.{end}"), overwrite: true);
        }
    }

    /// <returns>What the server sees of a client that has set the pair.</returns>
    private byte[] Presented(TlsKeyPair pair, TlsCredentialCache? cache = null, IReadOnlyList<byte[]>? passwords = null)
    {
        using var server = TlsServerContext.Create(_pki.ServerOptions());
        using var client = TlsClientContext.Create(new TlsClientOptions());
        using var connected = new TlsPair(server, client);
        connected.Client.UseKeyPair(pair, passwords, cache ?? _cache);
        connected.Handshake().ShouldBe((TlsStatus.Done, TlsStatus.Done));
        using var presented = connected.Server.PeerCertificate();
        return presented!.Der;
    }

    private sealed class Setting(Action<TlsConnection>? set, TlsServerContext? other = null) : ITlsServerEvents
    {
        public int Asked { get; private set; }

        public ServerNameResult OnServerName(TlsConnection connection, string? serverName) =>
            other is null ? ServerNameResult.Keep : ServerNameResult.Use(other);

        public bool OnCertificate(TlsConnection connection)
        {
            Asked++;
            set?.Invoke(connection);
            return set is not null;
        }
    }
}
