using Countersign.Configuration;
using Countersign.Proxy.Watch;

namespace Countersign.Proxy.Tests.Watch;

public sealed class RefusalLedgerTests
{
    [Fact]
    public void The_oldest_goes_when_there_are_more_than_it_keeps()
    {
        var ledger = Ledger(2, 10, 10, 10);
        ledger.Find("a0").ShouldBeNull();
        ledger.Find("a1").ShouldNotBeNull();
        ledger.Count.ShouldBe(2);
    }

    [Fact]
    public void A_thousand_of_the_longest_take_no_more_than_sixteen_megabytes()
    {
        var ledger = Ledger(1000, [.. Enumerable.Repeat(64 * 1024, 1000)]);
        ledger.Bytes.ShouldBeLessThanOrEqualTo(1000 * 16 * 1024);
        ledger.Count.ShouldBe(250);
    }

    [Fact]
    public void One_that_keeps_none_has_none() => Ledger(0, 10).Find("last").ShouldBeNull();

    [Fact]
    public void The_first_digits_name_the_latest_that_has_them()
    {
        var ledger = Ledger(5, 1, 2, 3);
        ledger.Find("a")!.Length.ShouldBe(3);
        ledger.Find("a1")!.Length.ShouldBe(2);
    }

    [Fact]
    public void A_limit_counts_each_second_anew_and_each_log_by_itself()
    {
        var limit = new RefusalLimit { PerSecond = 1 };
        var (a, b) = (new RefusalLogPlan("a", LogLevel.Warn, IsText: false, IsDefault: false), new RefusalLogPlan("b", LogLevel.Warn, IsText: true, IsDefault: false));
        limit.TryTake(1, true, a, out _).ShouldBeTrue();
        limit.TryTake(1, true, a, out var first).ShouldBeFalse();
        first.ShouldBeTrue();
        limit.TryTake(1, true, b, out first).ShouldBeFalse();
        first.ShouldBeFalse();
        limit.TryTake(2, true, a, out _).ShouldBeTrue();
        limit.TakeLeftOut().ShouldBe([new(a, 1), new(b, 1)], ignoreOrder: true);
        limit.TakeLeftOut().ShouldBeEmpty();
    }

    [Fact]
    public void Where_there_is_no_room_nothing_is_taken() =>
        new RefusalLimit().TryTake(1, hasRoom: false, null, out _).ShouldBeFalse();

    private static RefusalLedger Ledger(int kept, params int[] lengths)
    {
        var ledger = new RefusalLedger();
        ledger.Keep(kept);
        for (var index = 0; index < lengths.Length; index++)
        {
            ledger.Add($"a{index}", new byte[lengths[index]]);
        }
        return ledger;
    }
}
