using Countersign.Native;
using Countersign.Proxy.Upstream.Peers;

namespace Countersign.Proxy.Tests.Upstream;

public sealed class BackendPoolTests
{
    [Fact]
    public void The_connection_used_last_is_taken_first()
    {
        using var client = new OneClient("upstream u { server 127.0.0.1:1; keepalive 2; }");
        client.Run(() =>
        {
            var pools = new Bench(client);
            var (first, second) = (pools.Connect(), pools.Connect());
            pools.Keep(first);
            pools.Keep(second);
            pools.Take().ShouldBe(second);
            second.IsReused.ShouldBeTrue();
            pools.Take().ShouldBe(first);
            pools.Take().ShouldBeNull();
            return Task.CompletedTask;
        });
    }

    [Fact]
    public void One_too_many_closes_the_longest_unused()
    {
        using var client = new OneClient("upstream u { server 127.0.0.1:1; keepalive 2; }");
        client.Run(async () =>
        {
            var pools = new Bench(client);
            var connections = Enumerable.Range(0, 3).Select(_ => pools.Connect()).ToArray();
            Array.ForEach(connections, pools.Keep);
            (await pools.Ends[0].ReadAsync(new byte[1], 1000)).ShouldBe(0);
            connections[0].Channel.Descriptor.ShouldBe(-1);
            client.Client.Worker.Connections.ShouldBe(2);
        });
    }

    [Fact]
    public void An_idle_backend_that_says_something_or_closes_is_dropped()
    {
        using var client = new OneClient("upstream u { server 127.0.0.1:1; }");
        client.Run(async () =>
        {
            var pools = new Bench(client);
            var (talks, closes) = (pools.Connect(), pools.Connect());
            pools.Keep(talks);
            pools.Keep(closes);
            (await pools.Ends[0].WriteAsync("HTTP/1.1 408"u8.ToArray(), -1)).ShouldBe(0);
            pools.Ends[1].Dispose();
            (await pools.Ends[0].ReadAsync(new byte[1], 1000)).ShouldBeLessThanOrEqualTo(0);
            await Bench.Until(client, () => closes.Channel.Descriptor < 0);
            talks.Channel.Descriptor.ShouldBe(-1);
            pools.Take().ShouldBeNull();
            client.Client.Worker.Connections.ShouldBe(0);
        });
    }

    [Fact]
    public void What_came_before_the_connection_rested_counts_too()
    {
        using var client = new OneClient("upstream u { server 127.0.0.1:1; }");
        client.Run(async () =>
        {
            var pools = new Bench(client);
            var connection = pools.Connect();
            (await pools.Ends[0].WriteAsync("x"u8.ToArray(), -1)).ShouldBe(0);
            pools.Keep(connection);
            pools.Take().ShouldBeNull();
        });
    }

    [Fact]
    public void Keepalive_timeout_closes_what_nobody_used()
    {
        using var client = new OneClient("upstream u { server 127.0.0.1:1; keepalive_timeout 5ms; }");
        client.Run(async () =>
        {
            var pools = new Bench(client);
            pools.Keep(pools.Connect());
            (await pools.Ends[0].ReadAsync(new byte[1], 5000)).ShouldBe(0);
            pools.Take().ShouldBeNull();
        });
    }

    [Fact]
    public void A_connection_serves_keepalive_requests_and_no_more()
    {
        using var client = new OneClient("upstream u { server 127.0.0.1:1; keepalive_requests 2; }");
        client.Run(() =>
        {
            var pools = new Bench(client);
            var connection = pools.Connect();
            connection.Requests = 1;
            pools.Keep(connection);
            pools.Take().ShouldBe(connection);
            connection.Requests = 2;
            pools.Keep(connection);
            pools.Take().ShouldBeNull();
            connection.Channel.Descriptor.ShouldBe(-1);
            return Task.CompletedTask;
        });
    }

    [Fact]
    public void Plain_and_TLS_and_different_names_never_mix()
    {
        using var client = new OneClient("upstream u { server 127.0.0.1:1; keepalive 8; }");
        using var context = TlsClientContext.Create(new TlsClientOptions());
        using var other = TlsClientContext.Create(new TlsClientOptions());
        client.Run(() =>
        {
            var pools = new Bench(client);
            TlsIdentity?[] identities =
            [
                null,
                new TlsIdentity(context, null, null, null),
                new TlsIdentity(context, "one", null, null),
                new TlsIdentity(context, null, "one", null),
                new TlsIdentity(context, null, null, new TlsKeyPair("a", "b")),
                new TlsIdentity(other, null, null, null),
            ];
            for (var kept = 0; kept < identities.Length; kept++)
            {
                var connection = pools.Connect(identities[kept]);
                pools.Keep(connection);
                for (var wanted = 0; wanted < identities.Length; wanted++)
                {
                    if (wanted != kept)
                    {
                        pools.Take(identities[wanted]).ShouldBeNull();
                    }
                }
                // Equal is enough; it need not be the same object.
                pools.Take(identities[kept] is { } identity ? identity with { } : null).ShouldBe(connection);
                connection.Dispose();
            }
            return Task.CompletedTask;
        });
    }

    [Fact]
    public void A_replaced_plan_keeps_nothing()
    {
        using var client = new OneClient("upstream u { server 127.0.0.1:1; }");
        client.Run(() =>
        {
            var pools = new Bench(client);
            var (idle, busy) = (pools.Connect(), pools.Connect());
            pools.Keep(idle);
            client.Client.Generation.Retire();
            client.Client.Worker.CloseIdleOfRetired();
            idle.Channel.Descriptor.ShouldBe(-1);
            pools.Keep(busy);
            busy.Channel.Descriptor.ShouldBe(-1);
            return Task.CompletedTask;
        });
    }

    [Fact]
    public void Keepalive_0_keeps_nothing()
    {
        using var client = new OneClient("upstream u { server 127.0.0.1:1; keepalive 0; }");
        client.Run(() =>
        {
            var pools = new Bench(client);
            var connection = pools.Connect();
            pools.Keep(connection);
            connection.Channel.Descriptor.ShouldBe(-1);
            return Task.CompletedTask;
        });
    }

    /// <summary>Connections of one upstream whose other ends are in the test's hand.</summary>
    private sealed class Bench(OneClient client)
    {
        private readonly UpstreamState _state = client.Client.Generation.Backends.Upstreams.Of(client.Client.Generation.Http.Upstreams.Single(upstream => upstream.Name == "u"), loop: 0);

        public List<Channel> Ends { get; } = [];

        public BackendConnection Connect(TlsIdentity? identity = null)
        {
            var worker = client.Client.Worker;
            Socket.OpenPair(out var ours, out var theirs).ShouldBe(0);
            Channel.Open(worker.Loop, ours, out var channel).ShouldBe(0);
            Channel.Open(worker.Loop, theirs, out var end).ShouldBe(0);
            Ends.Add(end!);
            worker.Connections++;
            return new BackendConnection(worker, Kind(identity), channel!);
        }

        public void Keep(BackendConnection connection) =>
            client.Client.Worker.Pools.Keep(client.Client.Generation, _state, connection, client.Client.Worker.Loop.Now);

        public BackendConnection? Take(TlsIdentity? identity = null) => client.Client.Worker.Pools.Take(_state, Kind(identity));

        public static async Task Until(OneClient client, Func<bool> condition)
        {
            for (var turn = 0; turn < 1000 && !condition(); turn++)
            {
                await new Readiness(client.Client.Worker.Loop).Within(1);
            }
            condition().ShouldBeTrue();
        }

        private BackendKind Kind(TlsIdentity? identity) => new(_state.Primary.Peers[0], null, identity);
    }
}
