namespace Countersign.Proxy.Tests;

public sealed class HeavyWorkTests
{
    private readonly HeavyWork _work = new();
    private readonly List<int> _done = [];

    [Fact]
    public void A_quiet_turn_takes_one_step_and_a_busy_one_more()
    {
        Wait(1, 2, 3, 4);
        Run(events: 0);
        _done.ShouldBe([1]);
        Run(events: 8);
        _done.ShouldBe([1, 2, 3]);
        Run(events: 500);
        _done.ShouldBe([1, 2, 3, 4]);
        _work.IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public void Who_fails_holds_up_nobody()
    {
        List<Exception> faults = [];
        _work.OnCompleted(() => throw new InvalidOperationException("one"));
        Wait(2);
        _work.Run(500, faults.Add);
        faults.ShouldHaveSingleItem().Message.ShouldBe("one");
        _done.ShouldBe([2]);
    }

    [Fact]
    public void Who_waits_again_has_another_turn()
    {
        _work.OnCompleted(() => Wait(1));
        Run(events: 0);
        _done.ShouldBeEmpty();
        Run(events: 0);
        _done.ShouldBe([1]);
    }

    private void Wait(params ReadOnlySpan<int> numbers)
    {
        foreach (var number in numbers)
        {
            _work.OnCompleted(() => _done.Add(number));
        }
    }

    private void Run(int events) => _work.Run(events, fault => throw new InvalidOperationException("a step failed", fault));
}
