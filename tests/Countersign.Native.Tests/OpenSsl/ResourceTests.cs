namespace Countersign.Native.Tests.OpenSsl;

/// <summary>The counters are of the process, so these tests run while no others do.</summary>
[CollectionDefinition(nameof(ResourceTests), DisableParallelization = true)]
public sealed class Alone;

[Collection(nameof(ResourceTests))]
public sealed class ResourceTests : IDisposable
{
    private readonly TlsPki _pki = new();

    /// <summary>What earlier tests have left to the collector goes before anything is counted.</summary>
    public ResourceTests()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }

    [Fact]
    public void Everything_that_was_made_is_given_back()
    {
        var before = Live();
        for (var i = 0; i < 20; i++)
        {
            using var server = TlsServerContext.Create(_pki.ServerOptions());
            using var client = TlsClientContext.Create(new TlsClientOptions { Certificate = _pki.ClientPair });
            using var pair = TlsPair.Connected(server, client);
            pair.Exchange("hello");
            pair.Sessions.ShouldNotBeEmpty();
            using var certificate = pair.Server.PeerCertificate();
            Live().ShouldNotBe(before);
        }

        Live().ShouldBe(before);
    }

    [Fact]
    public void The_copies_that_other_threads_have_made_are_given_back()
    {
        var before = Live();
        using (var server = TlsServerContext.Create(_pki.ServerOptions()))
        using (var client = TlsClientContext.Create(new TlsClientOptions { Certificate = _pki.ClientPair }))
        {
            var thread = new Thread(() =>
            {
                TlsLibrary.Separate(1);
                TlsPair.Connected(server, client).Dispose();
            });
            thread.Start();
            thread.Join();
            NativeObjects.Live(NativeObject.Context).ShouldBe(4);
        }

        Live().ShouldBe(before);
    }

    /// <summary>A cache with room for a few, so that most of what is done pushes out, encodes, decodes or misses what another thread is about.</summary>
    [Fact]
    public void Sessions_that_threads_keep_find_and_drop_beside_each_other_are_given_back()
    {
        const int Keys = 24;
        const int Capacity = 40_000;
        var before = Live();
        var found = 0;
        var cache = new TlsSessionCache("small", Capacity, maximumCount: 16);
        using (var server = TlsServerContext.Create(_pki.ServerOptions()))
        using (var client = TlsClientContext.Create(new TlsClientOptions { Certificate = _pki.ClientPair }))
        {
            var sessions = Enumerable.Range(0, 4).Select(_ => new TlsSession(Copy(server, client))).ToArray();
            var threads = sessions.Select((session, number) => new Thread(() =>
            {
                var random = new Random(number);
                for (var turn = 0; turn < 20_000; turn++)
                {
                    var key = (UInt128)random.Next(Keys);
                    if (random.Next(3) == 0)
                    {
                        var own = NativeSession.Duplicate(session.Handle);
                        cache.AddTicket(key, own, 300, isLight: random.Next(4) > 0);
                        NativeSession.Free(own);
                    }
                    else if (cache.FindTicket(key) is var own and not 0)
                    {
                        _ = Interlocked.Increment(ref found);
                        NativeSession.Free(own);
                    }
                }
            })).ToList();
            threads.ForEach(thread => thread.Start());
            threads.ForEach(thread => thread.Join());
            foreach (var session in sessions)
            {
                session.Dispose();
            }
            cache.Size.ShouldBeInRange(1, Capacity);
            cache.Count.ShouldBeInRange(1, 16);
            found.ShouldBeGreaterThan(1000);
        }
        cache.Dispose();
        (cache.Count, cache.Size).ShouldBe((0, 0));
        Live().ShouldBe(before);

        static nint Copy(TlsServerContext server, TlsClientContext client)
        {
            using var pair = TlsPair.Talked(server, client);
            return NativeSession.Duplicate(pair.Sessions[^1].Handle);
        }
    }

    [Fact]
    public void Certificates_and_keys_are_given_back_with_their_cache_and_without_one_at_once()
    {
        var before = Live();
        using (var cache = new TlsCredentialCache(3, TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(10), TimeProvider.System))
        {
            using var client = TlsClientContext.Create(new TlsClientOptions());
            using var connection = TlsConnection.Connect(client, -1, null, null, null);
            var connected = Live();
            connection.UseKeyPair(_pki.ServerPair, null);
            Should.Throw<TlsConfigurationException>(() => connection.UseKeyPair(_pki.ServerPair with { Key = _pki.ClientPair.Key }, null));
            Live().ShouldBe(connected);
            connection.UseKeyPair(_pki.ServerPair, null, cache);
            connection.UseKeyPair(_pki.ClientPair, null, cache);
            NativeObjects.Live(NativeObject.Credential).ShouldBe(3);
        }

        Live().ShouldBe(before);
    }

    [Fact]
    public void A_context_that_could_not_be_built_is_given_back()
    {
        var before = Live();
        Should.Throw<TlsConfigurationException>(() => TlsServerContext.Create(new TlsServerOptions { Ciphers = "NOTHING" }));
        Live().ShouldBe(before);
    }

    [Fact]
    public void A_context_may_go_while_its_connections_live()
    {
        using var client = TlsClientContext.Create(new TlsClientOptions { Certificate = _pki.ClientPair });
        var server = TlsServerContext.Create(_pki.ServerOptions());
        using var pair = TlsPair.Connected(server, client);
        server.Dispose();

        pair.Exchange("hello");
        Should.Throw<ObjectDisposedException>(() => TlsConnection.Accept(server, 0, null));
    }

    [Fact]
    public void A_disposed_connection_refuses_every_step()
    {
        using var client = TlsClientContext.Create(new TlsClientOptions());
        using var server = TlsServerContext.Create(_pki.ServerOptions());
        var pair = TlsPair.Connected(server, client);
        pair.Dispose();

        Should.Throw<ObjectDisposedException>(() => pair.Server.Handshake());
        Should.Throw<ObjectDisposedException>(() => pair.Server.Read(new byte[1], out _));
        Should.Throw<ObjectDisposedException>(() => pair.Server.Write([1], out _));
        Should.Throw<ObjectDisposedException>(() => pair.Server.VerifyResult);
        pair.Server.Dispose();
    }

    [Fact]
    public void A_forgotten_connection_is_given_back_by_the_collector()
    {
        using var client = TlsClientContext.Create(new TlsClientOptions());
        using var server = TlsServerContext.Create(_pki.ServerOptions());
        var before = NativeObjects.Live(NativeObject.Connection);
        Forget(server);
        GC.Collect();
        GC.WaitForPendingFinalizers();

        NativeObjects.Live(NativeObject.Connection).ShouldBe(before);
    }

    [Fact]
    public void Reading_and_writing_allocate_nothing()
    {
        using var client = TlsClientContext.Create(new TlsClientOptions());
        using var server = TlsServerContext.Create(_pki.ServerOptions());
        using var pair = TlsPair.Connected(server, client);
        pair.Exchange("warm");
        var buffer = new byte[1000];
        Turns(pair, buffer, 10);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Turns(pair, buffer, 1000);
        GC.GetAllocatedBytesForCurrentThread().ShouldBe(before);
    }

    public void Dispose() => _pki.Dispose();

    private static void Turns(TlsPair pair, byte[] buffer, int count)
    {
        for (var i = 0; i < count; i++)
        {
            pair.Client.Write(buffer, out _);
            pair.Server.Read(buffer, out _);
            pair.Server.Read(buffer, out _);
        }
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static void Forget(TlsServerContext server)
    {
        Socket.OpenPair(out var first, out var second);
        _ = TlsConnection.Accept(server, first, null);
        Socket.Close(first);
        Socket.Close(second);
    }

    private static (long, long, long, long, long) Live() => (
        NativeObjects.Live(NativeObject.Context), NativeObjects.Live(NativeObject.Connection),
        NativeObjects.Live(NativeObject.Certificate), NativeObjects.Live(NativeObject.Session), NativeObjects.Live(NativeObject.Credential));
}
