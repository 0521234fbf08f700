namespace Countersign.Native.Tests.Linux;

public sealed class EpollTests
{
    [Fact]
    public void A_ready_descriptor_comes_back_with_the_value_it_was_added_with()
    {
        using var epoll = new Epoll(8);
        Socket.OpenPair(out var first, out var second).ShouldBe(0);
        epoll.Add(first, EpollFlags.In | EpollFlags.Out | EpollFlags.ReadHangUp | EpollFlags.EdgeTriggered, 0x1234_5678_9ABC_DEF0).ShouldBe(0);

        epoll.Wait(0).ShouldBe(1);
        epoll[0].Data.ShouldBe(0x1234_5678_9ABC_DEF0ul);
        epoll[0].Flags.ShouldBe(EpollFlags.Out);
        epoll.Wait(0).ShouldBe(0, "an edge is told once");

        Socket.Send(second, "x"u8).ShouldBe(1);
        epoll.Wait(1000).ShouldBe(1);
        epoll[0].Flags.HasFlag(EpollFlags.In).ShouldBeTrue();

        Socket.Close(second);
        epoll.Wait(1000).ShouldBe(1);
        epoll[0].Flags.HasFlag(EpollFlags.ReadHangUp).ShouldBeTrue();
        Socket.Close(first);
    }

    [Fact]
    public void Several_ready_descriptors_keep_their_own_values()
    {
        using var epoll = new Epoll(8);
        var events = Enumerable.Range(0, 5).Select(_ => new EventFd()).ToArray();
        for (var i = 0; i < events.Length; i++)
        {
            epoll.Add(events[i].Descriptor, EpollFlags.In, (ulong)(i + 100)).ShouldBe(0);
            events[i].Signal();
        }
        epoll.Wait(0).ShouldBe(5);
        Enumerable.Range(0, 5).Select(i => epoll[i].Data).Order().ToArray().ShouldBe([100ul, 101, 102, 103, 104]);
        Array.ForEach(events, each => each.Dispose());
    }

    [Fact]
    public void A_modified_descriptor_reports_the_new_value_and_a_deleted_one_nothing()
    {
        using var epoll = new Epoll(1);
        using var wake = new EventFd();
        epoll.Add(wake.Descriptor, EpollFlags.In, 1).ShouldBe(0);
        epoll.Add(wake.Descriptor, EpollFlags.In, 1).ShouldBe(-Errno.Exists);
        wake.Signal();
        epoll.Modify(wake.Descriptor, EpollFlags.In, 2).ShouldBe(0);
        epoll.Wait(0).ShouldBe(1);
        epoll[0].Data.ShouldBe(2ul);
        epoll.Delete(wake.Descriptor).ShouldBe(0);
        epoll.Wait(0).ShouldBe(0);
    }

    [Fact]
    public async Task Another_thread_wakes_the_wait()
    {
        using var epoll = new Epoll(1);
        using var wake = new EventFd();
        epoll.Add(wake.Descriptor, EpollFlags.In | EpollFlags.EdgeTriggered, 7).ShouldBe(0);
        var other = Task.Run(async () =>
        {
            await Task.Delay(20);
            wake.Signal();
        });
        epoll.Wait(5000).ShouldBe(1);
        wake.Drain().ShouldBeTrue();
        wake.Drain().ShouldBeFalse();
        await other;
    }

    [Fact]
    public void A_timer_wakes_once_for_a_moment_that_has_passed_and_not_before_one_to_come()
    {
        using var epoll = new Epoll(1);
        using var timer = new TimerFd();
        epoll.Add(timer.Descriptor, EpollFlags.In, 3).ShouldBe(0);
        timer.Set(1);
        epoll.Wait(5000).ShouldBe(1);
        timer.Drain().ShouldBeTrue();
        timer.Drain().ShouldBeFalse();
        timer.Set(long.MaxValue);
        epoll.Wait(0).ShouldBe(0);
    }
}
