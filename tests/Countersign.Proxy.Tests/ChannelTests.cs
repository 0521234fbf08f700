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

    private (Channel Left, Channel Right) Pair()
    {
        Socket.OpenPair(out var first, out var second).ShouldBe(0);
        Channel.Open(_loop, first, out var left).ShouldBe(0);
        Channel.Open(_loop, second, out var right).ShouldBe(0);
        return (left!, right!);
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
