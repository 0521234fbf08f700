using Countersign.Native;

namespace Countersign.Proxy.Tests;

public sealed class ChannelTests : IDisposable
{
    private readonly Loop _loop;
    private Exception? _fault;

    public ChannelTests() => _loop = new Loop(0, TimeProvider.System, fault => { _fault = fault; _loop!.Stop(); });

    [Fact]
    public void More_than_the_kernel_holds_arrives_whole_and_in_order()
    {
        var sent = new byte[4 << 20];
        new Random(1).NextBytes(sent);
        var received = new MemoryStream();
        var (left, right) = Pair();
        On(async () =>
        {
            (await left.WriteAsync(sent, -1)).ShouldBe(0);
            left.Dispose();
        });
        On(async () =>
        {
            var buffer = new byte[10_000];
            for (int count; (count = await right.ReadAsync(buffer, -1)) > 0;)
            {
                received.Write(buffer, 0, count);
            }
            _loop.Stop();
        });
        Run();
        received.ToArray().ShouldBe(sent);
    }

    [Fact]
    public void A_silent_peer_ends_the_wait_in_time()
    {
        var (_, right) = Pair();
        var result = 0;
        On(async () =>
        {
            result = await right.ReadAsync(new byte[1], 5);
            _loop.Stop();
        });
        Run();
        result.ShouldBe(Channel.TimedOut);
    }

    [Fact]
    public void Closing_lets_the_one_who_waits_go_on()
    {
        var (_, right) = Pair();
        var result = 0;
        On(async () =>
        {
            result = await right.ReadAsync(new byte[1], -1);
            _loop.Stop();
        });
        _loop.Post(right.Dispose);
        Run();
        result.ShouldBe(-Errno.BadDescriptor);
    }

    [Fact]
    public void Whoever_reads_a_peer_that_has_much_to_say_lets_others_have_their_turn()
    {
        var (left, right) = Pair();
        var turns = new List<int>();
        On(async () =>
        {
            (await left.WriteAsync(new byte[1000], -1)).ShouldBe(0);
            for (var total = 0; total < 1000; total += turns[^1])
            {
                turns.Add(InARow(() => right.TryRead(new byte[1])));
                _ = total + turns[^1] < 1000 && await right.Readable(-1);
            }
            _loop.Stop();
        });
        Run();
        turns.ShouldAllBe(turn => turn <= Channel.MostInARow);
        turns.Sum().ShouldBe(1000);
    }

    [Fact]
    public void So_does_whoever_writes_to_a_peer_that_takes_all_of_it()
    {
        var (left, _) = Pair();
        var written = 0;
        On(async () =>
        {
            written = InARow(() => left.TryWrite(new byte[1]));
            (await left.Writable(-1)).ShouldBeTrue();
            left.TryWrite(new byte[1]).ShouldBe(1);
            _loop.Stop();
        });
        Run();
        written.ShouldBe(Channel.MostInARow);
    }

    private (Channel Left, Channel Right) Pair()
    {
        Socket.OpenPair(out var first, out var second).ShouldBe(0);
        Channel.Open(_loop, first, out var left).ShouldBe(0);
        Channel.Open(_loop, second, out var right).ShouldBe(0);
        return (left!, right!);
    }

    // How often something moves before there is nothing more, or it is said to be.
    private static int InARow(Func<int> step)
    {
        var count = 0;
        while (step() > 0)
        {
            count++;
        }
        return count;
    }

    private void On(Func<Task> work) => _loop.Post(async () =>
    {
        try
        {
            await work();
        }
        catch (Exception fault)
        {
            _fault = fault;
            _loop.Stop();
        }
    });

    private void Run()
    {
        // A loop has a thread of its own: continuations run there and on no test runner's context.
        var thread = new Thread(_loop.Run);
        thread.Start();
        thread.Join(TimeSpan.FromSeconds(30)).ShouldBeTrue();
        _fault.ShouldBeNull();
    }

    public void Dispose() => _loop.Dispose();
}
