using Countersign.Native;

namespace Countersign.Proxy.Tests;

/// <summary>Two channels of one loop, one the TLS client, one the server.</summary>
public sealed class TlsChannelTests : IDisposable
{
    private readonly Loop _loop;
    private readonly TlsServerContext _serverContext;
    private readonly TlsClientContext _clientContext;
    private readonly Channel _client;
    private readonly Channel _server;
    private Exception? _fault;

    public TlsChannelTests()
    {
        _loop = new Loop(0, TimeProvider.System, fault => { _fault = fault; _loop!.Stop(); });
        _serverContext = TlsServerContext.Create(new TlsServerOptions { Certificates = [TestCertificate.Make()] });
        _clientContext = TlsClientContext.Create(new TlsClientOptions());
        Socket.OpenPair(out var first, out var second).ShouldBe(0);
        Channel.Open(_loop, first, out var client).ShouldBe(0);
        Channel.Open(_loop, second, out var server).ShouldBe(0);
        (_client, _server) = (client!, server!);
    }

    [Fact]
    public void The_time_that_ended_is_no_error_of_the_kernel_s() => Channel.TimedOut.ShouldBeLessThan(-4095);

    [Fact]
    public void Both_sides_shake_hands_and_more_than_a_record_arrives_whole_each_way()
    {
        var sent = new byte[3 << 20];
        new Random(1).NextBytes(sent);
        var (up, down) = (new MemoryStream(), new MemoryStream());
        Run(
            async () =>
            {
                await ConnectAsync();
                (await _client.WriteAsync(sent, -1)).ShouldBe(0);
                await ReceiveAsync(_client, down, sent.Length);
            },
            async () =>
            {
                await AcceptAsync();
                await ReceiveAsync(_server, up, sent.Length);
                (await _server.WriteAsync(sent, -1)).ShouldBe(0);
            });
        up.ToArray().ShouldBe(sent);
        down.ToArray().ShouldBe(sent);
    }

    [Fact]
    public void Both_sides_may_write_before_either_reads()
    {
        var sent = new byte[1 << 20];
        new Random(2).NextBytes(sent);
        var (up, down) = (new MemoryStream(), new MemoryStream());
        Run(
            async () =>
            {
                await ConnectAsync();
                var writing = _client.WriteAsync(sent, -1);
                await ReceiveAsync(_client, down, sent.Length);
                (await writing).ShouldBe(0);
            },
            async () =>
            {
                await AcceptAsync();
                var writing = _server.WriteAsync(sent, -1);
                await ReceiveAsync(_server, up, sent.Length);
                (await writing).ShouldBe(0);
            });
        up.ToArray().ShouldBe(sent);
        down.ToArray().ShouldBe(sent);
    }

    [Fact]
    public void The_peer_s_close_notify_is_the_end_of_the_stream()
    {
        Run(
            async () =>
            {
                await ConnectAsync();
                (await _client.WriteAsync("all"u8.ToArray(), -1)).ShouldBe(0);
                _client.Tls!.ShutDown().ShouldBe(TlsStatus.Done);
            },
            async () =>
            {
                await AcceptAsync();
                var buffer = new byte[100];
                (await _server.ReadAsync(buffer, -1)).ShouldBe(3);
                (await _server.ReadAsync(buffer, -1)).ShouldBe(0);
                // Its own direction is still open.
                (await _server.WriteAsync("answer"u8.ToArray(), -1)).ShouldBe(0);
            });
    }

    [Fact]
    public void A_stream_cut_off_without_close_notify_ends_like_any_other() => CutOff(() =>
    {
        _server.HasHungUp.ShouldBeTrue();
        return Task.CompletedTask;
    });

    [Fact]
    public void Writing_to_a_peer_that_is_gone_is_an_error() =>
        CutOff(async () => (await _server.WriteAsync(new byte[100], -1)).ShouldBe(-Errno.BrokenPipe));

    /// <summary>What is true for a server whose client left without a word.</summary>
    private void CutOff(Func<Task> then) => Run(
        async () =>
        {
            await ConnectAsync();
            await ReceiveAsync(_client, new MemoryStream(), 1);
            _client.Dispose();
        },
        async () =>
        {
            await AcceptAsync();
            (await _server.WriteAsync("x"u8.ToArray(), -1)).ShouldBe(0);
            (await _server.ReadAsync(new byte[1], -1)).ShouldBe(0);
            await then();
        });

    [Fact]
    public void A_handshake_that_nobody_answers_ends_in_time()
    {
        Run(async () =>
        {
            _client.Tls = TlsConnection.Connect(_clientContext, _client.Descriptor, null, null, null);
            (await _client.HandshakeAsync(5)).ShouldBe(Channel.TimedOut);
        });
    }

    [Fact]
    public void A_channel_that_is_closed_in_its_handshake_is_told_so() => Run(async () =>
    {
        _server.Tls = TlsConnection.Accept(_serverContext, _server.Descriptor, null);
        (await _server.HandshakeAsync(-1, new Closing(_loop, _server))).ShouldBe(-Errno.BadDescriptor);
    });

    [Fact]
    public void A_channel_that_is_closed_before_its_first_byte_is_told_so() => Run(async () =>
    {
        _loop.Post(_server.Dispose);
        (await _server.PeekAsync(-1)).ShouldBe(-Errno.BadDescriptor);
    });

    private sealed class Closing(Loop loop, Channel channel) : IHandshakeObserver
    {
        public void OnWait() => loop.Post(channel.Dispose);

        public void OnAnswer()
        {
        }
    }

    [Fact]
    public void A_read_that_nothing_comes_for_ends_in_time_and_the_connection_lives_on()
    {
        Run(
            async () =>
            {
                await ConnectAsync();
                (await _client.ReadAsync(new byte[1], 5)).ShouldBe(Channel.TimedOut);
                (await _client.WriteAsync("x"u8.ToArray(), -1)).ShouldBe(0);
                (await _client.ReadAsync(new byte[1], -1)).ShouldBe(1);
            },
            async () =>
            {
                await AcceptAsync();
                (await _server.ReadAsync(new byte[1], -1)).ShouldBe(1);
                (await _server.WriteAsync("y"u8.ToArray(), -1)).ShouldBe(0);
            });
    }

    [Fact]
    public void A_write_that_nobody_takes_ends_in_time()
    {
        var accepted = new TaskCompletionSource();
        Run(
            async () =>
            {
                await ConnectAsync();
                // The client's handshake ends before the server's.
                await accepted.Task;
                (await _client.WriteAsync(new byte[16 << 20], 5)).ShouldBe(Channel.TimedOut);
                _server.Dispose();
            },
            async () =>
            {
                await AcceptAsync();
                accepted.SetResult();
            });
    }

    [Fact]
    public void A_peer_that_speaks_no_TLS_fails_the_handshake_with_libssl_s_reason()
    {
        Run(
            async () =>
            {
                _client.Tls = TlsConnection.Connect(_clientContext, _client.Descriptor, null, null, null);
                (await _client.HandshakeAsync(-1)).ShouldBe(Channel.TlsFailed);
                _client.Tls.Error!.ToString().ShouldStartWith("SSL_do_handshake() failed (SSL: error:");
            },
            async () => (await _server.WriteAsync("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray(), -1)).ShouldBe(0));
    }

    [Fact]
    public void A_peer_that_closes_in_the_handshake_leaves_no_error_of_libssl_s()
    {
        Run(
            async () =>
            {
                _client.Tls = TlsConnection.Connect(_clientContext, _client.Descriptor, null, null, null);
                (await _client.HandshakeAsync(-1)).ShouldBe(Channel.TlsFailed);
                _client.Tls.Error.ShouldBeNull();
            },
            async () =>
            {
                var hello = new byte[100];
                (await _server.ReadAsync(hello, -1)).ShouldBeGreaterThan(0);
                _ = Socket.ShutDownSending(_server.Descriptor);
            });
    }

    [Fact]
    public void Bytes_that_libssl_has_read_ahead_count_as_input()
    {
        Run(
            async () =>
            {
                await ConnectAsync();
                (await _client.WriteAsync("abc"u8.ToArray(), -1)).ShouldBe(0);
            },
            async () =>
            {
                await AcceptAsync();
                (await _server.ReadAsync(new byte[1], -1)).ShouldBe(1);
                _server.HasInput.ShouldBeTrue();
                (await _server.ReadAsync(new byte[2], -1)).ShouldBe(2);
                _server.HasInput.ShouldBeFalse();
            });
    }

    [Fact]
    public void Messages_of_any_size_arrive_whole_however_they_are_cut_and_read()
    {
        var random = new Random(3);
        var sizes = Enumerable.Range(0, 2000).Select(_ => random.Next(10) switch
        {
            < 6 => random.Next(1, 400),
            < 9 => random.Next(1, 9000),
            _ => random.Next(16_000, 17_000),
        }).ToArray();
        var sent = new byte[sizes.Sum()];
        random.NextBytes(sent);
        var received = new MemoryStream();
        Run(
            async () =>
            {
                await ConnectAsync();
                var at = 0;
                foreach (var size in sizes)
                {
                    (await _client.WriteAsync(sent.AsMemory(at, size), -1)).ShouldBe(0);
                    at += size;
                    if (size % 3 == 0)
                    {
                        // The other side gets its turn with what there is so far.
                        await _loop.Heavy;
                    }
                }
            },
            async () =>
            {
                await AcceptAsync();
                var buffer = new byte[20_000];
                while (received.Length < sent.Length)
                {
                    var count = await _server.ReadAsync(buffer.AsMemory(0, random.Next(1, buffer.Length)), 20_000);
                    count.ShouldBeGreaterThan(0);
                    received.Write(buffer, 0, count);
                }
            });
        received.ToArray().ShouldBe(sent);
    }

    private async Task ConnectAsync()
    {
        _client.Tls = TlsConnection.Connect(_clientContext, _client.Descriptor, null, null, null);
        (await _client.HandshakeAsync(-1)).ShouldBe(0);
    }

    private async Task AcceptAsync()
    {
        _server.Tls = TlsConnection.Accept(_serverContext, _server.Descriptor, null);
        (await _server.HandshakeAsync(-1)).ShouldBe(0);
    }

    private static async Task ReceiveAsync(Channel channel, MemoryStream into, int length)
    {
        var buffer = new byte[10_000];
        while (into.Length < length)
        {
            var count = await channel.ReadAsync(buffer, -1);
            count.ShouldBeGreaterThan(0);
            into.Write(buffer, 0, count);
        }
    }

    /// <summary>All at once, on the loop; it stops with the last.</summary>
    private void Run(params Func<Task>[] sides)
    {
        var left = sides.Length;
        foreach (var side in sides)
        {
            _loop.Post(async () =>
            {
                try
                {
                    await side();
                    if (--left == 0)
                    {
                        _loop.Stop();
                    }
                }
                catch (Exception fault)
                {
                    _fault = fault;
                    _loop.Stop();
                }
            });
        }
        // A loop has a thread of its own: continuations run there and on no test runner's context.
        var thread = new Thread(_loop.Run);
        thread.Start();
        thread.Join(TimeSpan.FromSeconds(30)).ShouldBeTrue();
        _fault.ShouldBeNull();
    }

    public void Dispose()
    {
        _client.Dispose();
        _server.Dispose();
        _clientContext.Dispose();
        _serverContext.Dispose();
        _loop.Dispose();
    }
}
