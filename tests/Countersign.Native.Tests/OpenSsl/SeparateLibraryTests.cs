using System.Collections.Concurrent;

namespace Countersign.Native.Tests.OpenSsl;

/// <summary>Threads with a library of their own: each serves with its own copy of a context, and what they do is the same.</summary>
public sealed class SeparateLibraryTests : IDisposable
{
    private readonly TlsPki _pki = new();

    public static TheoryData<TlsProtocols> Versions => [TlsProtocols.Tls12, TlsProtocols.Tls13];

    [Fact]
    public void Each_number_has_one_library_and_0_is_everybody_s()
    {
        var first = TlsLibrary.Handle;
        var seen = new[] { 0, 1, 2, 1 }.Select(number => On(number, () => TlsLibrary.Handle)).ToList();

        seen[0].ShouldBe(first);
        seen[1].ShouldBe(seen[3]);
        new[] { first, seen[1], seen[2] }.Distinct().Count().ShouldBe(3);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void A_client_is_verified_on_each_thread_as_on_the_first(TlsProtocols protocols)
    {
        using var server = TlsServerContext.Create(_pki.ServerOptions(protocols));
        using var client = TlsClientContext.Create(new TlsClientOptions { Certificate = _pki.ClientPair });
        using var stranger = Identity.SelfSigned("CN=Stranger");
        using var strange = TlsClientContext.Create(new TlsClientOptions { Certificate = _pki.Pair("stranger", stranger) });
        using var nobody = TlsClientContext.Create(new TlsClientOptions());

        var seen = Enumerable.Range(0, 3).Select(number => On(number, () =>
        {
            var results = new List<(bool HasCertificate, int Result, string Cipher)>();
            foreach (var context in new[] { client, strange, nobody })
            {
                using var pair = TlsPair.Connected(server, context);
                pair.Exchange("hello");
                results.Add((pair.Server.HasPeerCertificate, pair.Server.VerifyResult, pair.Server.Cipher!));
            }
            return results;
        })).ToList();

        seen[0].Select(result => result.HasCertificate).ShouldBe([true, true, false]);
        seen[0][0].Result.ShouldBe(TlsVerification.Ok);
        seen[0][1].Result.ShouldNotBe(TlsVerification.Ok);
        seen[1].ShouldBe(seen[0]);
        seen[2].ShouldBe(seen[0]);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void A_session_goes_from_one_thread_to_another_and_is_forgotten_on_all(TlsProtocols protocols)
    {
        var cache = new TlsSessionCache("one", 1_000_000, TimeProvider.System);
        using var server = TlsServerContext.Create(Options(protocols, cache: cache));
        using var client = TlsClientContext.Create(new TlsClientOptions { Certificate = _pki.ClientPair });
        using var first = On(1, () => TlsPair.Talked(server, client));
        using var second = On(2, () => TlsPair.Talked(server, client, first.Sessions[^1]));
        second.Server.SessionReused.ShouldBeTrue();
        second.Server.VerifyResult.ShouldBe(TlsVerification.Ok);
        On(0, () => server.Verify(second.Server)).ShouldBe(TlsVerification.Ok);
        On(2, () =>
        {
            second.Server.ForgetSession();
            first.Server.ForgetSession();
            return 0;
        });

        using var third = On(1, () => TlsPair.Talked(server, client, second.Sessions.Count > 0 ? second.Sessions[^1] : first.Sessions[^1]));
        third.Server.SessionReused.ShouldBeFalse();
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void A_server_name_switches_to_the_thread_s_copy_of_the_other_context(TlsProtocols protocols)
    {
        using var other = _pki.Root.Issue("CN=other.example", CertificateShape.Server);
        using var first = TlsServerContext.Create(new TlsServerOptions { Certificates = [_pki.ServerPair], Protocols = protocols });
        using var second = TlsServerContext.Create(Options(protocols, _pki.Pair("other", other)));
        using var client = TlsClientContext.Create(new TlsClientOptions { Certificate = _pki.ClientPair });
        var subject = On(1, () =>
        {
            using var pair = TlsPair.Connected(first, client, new Switch(second), "other.example");
            pair.Server.HasPeerCertificate.ShouldBeTrue();
            pair.Server.VerifyResult.ShouldBe(TlsVerification.Ok);
            using var certificate = pair.Client.PeerCertificate();
            return System.Security.Cryptography.X509Certificates.X509CertificateLoader.LoadCertificate(certificate!.Der).Subject;
        });

        subject.ShouldBe("CN=other.example");
    }

    [Fact]
    public void Files_that_are_gone_by_then_are_not_missed()
    {
        using var folder = new TemporaryFolder();
        var files = _pki.ServerPair;
        var pair = new TlsKeyPair(folder.Write("server.pem", File.ReadAllText(files.Certificate)), folder.Write("server.key", File.ReadAllText(files.Key)));
        using var server = TlsServerContext.Create(Options(TlsProtocols.Tls13, pair));
        File.Delete(pair.Certificate);
        File.Delete(pair.Key);
        using var client = TlsClientContext.Create(new TlsClientOptions { Certificate = _pki.ClientPair });

        On(1, () =>
        {
            using var connected = TlsPair.Connected(server, client);
            return server.HandleHere != server.Handle;
        }).ShouldBeTrue();
    }

    /// <summary>The arguments of openssl genpkey.</summary>
    public static TheoryData<string> PrivateKeys =>
    [
        "-algorithm EC -pkeyopt ec_paramgen_curve:P-256",
        "-algorithm EC -pkeyopt ec_paramgen_curve:P-256 -aes-256-cbc -pass pass:secret",
        "-algorithm RSA -pkeyopt rsa_keygen_bits:2048",
        "-algorithm ED25519",
    ];

    [Theory]
    [MemberData(nameof(PrivateKeys))]
    public async Task A_private_key_is_read_on_each_thread(string arguments)
    {
        using var folder = new TemporaryFolder();
        var (key, certificate) = (folder.File("key.pem"), folder.File("certificate.pem"));
        (await CommandLine.Run("openssl", ["genpkey", .. arguments.Split(' '), "-out", key])).ExitCode.ShouldBe(0);
        (await CommandLine.Run("openssl", ["req", "-x509", "-subj", "/CN=localhost", "-key", key, "-passin", "pass:secret", "-out", certificate])).ExitCode.ShouldBe(0);
        using var client = TlsClientContext.Create(new TlsClientOptions { Certificate = _pki.ClientPair });

        foreach (var number in new[] { 0, 1, 2 })
        {
            On(number, () =>
            {
                using var server = TlsServerContext.Create(Options(TlsProtocols.Tls13, new TlsKeyPair(certificate, key)));
                using var connected = TlsPair.Connected(server, client);
                return connected.Server.VerifyResult;
            }).ShouldBe(TlsVerification.Ok);
        }
    }

    [Fact]
    public void Where_OpenSSL_reads_a_file_for_the_context_there_is_one_for_all_threads()
    {
        using var folder = new TemporaryFolder();
        using var server = TlsServerContext.Create(Options(TlsProtocols.Tls13, command: ("VerifyCAFile", folder.Write("ca.pem", _pki.Root.Pem))));

        On(1, () => server.HandleHere).ShouldBe(server.Handle);
    }

    [Fact]
    public void Threads_handshake_at_once_and_nobody_is_mistaken()
    {
        using var server = TlsServerContext.Create(_pki.ServerOptions(TlsProtocols.Tls13));
        using var client = TlsClientContext.Create(new TlsClientOptions { Certificate = _pki.ClientPair });
        using var stranger = Identity.SelfSigned("CN=Stranger");
        using var strange = TlsClientContext.Create(new TlsClientOptions { Certificate = _pki.Pair("stranger", stranger) });
        var wrong = new ConcurrentBag<string>();
        var threads = Enumerable.Range(0, 4).Select(number => new Thread(() =>
        {
            TlsLibrary.Separate(number);
            for (var i = 0; i < 50; i++)
            {
                var isStranger = (i + number) % 2 == 0;
                using var pair = TlsPair.Connected(server, isStranger ? strange : client);
                if (pair.Server.VerifyResult == TlsVerification.Ok == isStranger)
                {
                    wrong.Add($"{number}: {pair.Server.VerifyResult}");
                }
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());

        wrong.ShouldBeEmpty();
    }

    public void Dispose() => _pki.Dispose();

    private TlsServerOptions Options(
        TlsProtocols protocols, TlsKeyPair? pair = null, TlsSessionCache? cache = null, (string Name, string Value)? command = null) => new()
    {
        Certificates = [pair ?? _pki.ServerPair],
        Protocols = protocols,
        VerifyMode = TlsVerifyMode.On,
        ClientCertificate = _pki.RootFile,
        SessionTickets = false,
        SessionCache = cache,
        SessionCacheMode = cache is null ? TlsSessionCacheMode.None : TlsSessionCacheMode.Shared,
        ConfCommands = command is { } given ? [given] : [],
        Passwords = ["secret"u8.ToArray()],
    };

    /// <summary>On a new thread with the library of that number; what it throws is thrown here.</summary>
    private static T On<T>(int number, Func<T> run)
    {
        T? result = default;
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            TlsLibrary.Separate(number);
            try
            {
                result = run();
            }
            catch (Exception thrown)
            {
                failure = thrown;
            }
        });
        thread.Start();
        thread.Join();
        return failure is null ? result! : throw new AggregateException(failure);
    }

    private sealed class Switch(TlsServerContext to) : ITlsServerEvents
    {
        public ServerNameResult OnServerName(TlsConnection connection, string? serverName) => ServerNameResult.Use(to);
    }
}
