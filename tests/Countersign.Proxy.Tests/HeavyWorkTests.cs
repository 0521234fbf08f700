namespace Countersign.Proxy.Tests;

public sealed class HeavyWorkTests
{
    private readonly Microseconds _time = new();
    private readonly HeavyWork _work;
    private readonly List<int> _done = [];

    public HeavyWorkTests() => _work = new HeavyWork(_time);

    [Fact]
    public void A_quiet_turn_takes_half_a_millisecond_of_steps()
    {
        Wait(200, 1, 2, 3, 4);
        Run(events: 0);
        _done.ShouldBe([1, 2, 3]);
        Run(events: 0);
        _done.ShouldBe([1, 2, 3, 4]);
        _work.Count.ShouldBe(0);
    }

    [Fact]
    public void A_step_is_taken_however_long_it_takes()
    {
        Wait(5000, 1, 2);
        Run(events: 0);
        _done.ShouldBe([1]);
    }

    [Fact]
    public void A_busy_turn_takes_as_long_again()
    {
        Wait(1000, 1, 2, 3, 4);
        Run(events: 3000);
        _done.ShouldBe([1, 2, 3]);
    }

    [Fact]
    public void Who_fails_holds_up_nobody()
    {
        List<Exception> faults = [];
        _work.OnCompleted(() => throw new InvalidOperationException("one"));
        Wait(0, 2);
        _work.Run(TimeSpan.Zero, faults.Add);
        faults.ShouldHaveSingleItem().Message.ShouldBe("one");
        _done.ShouldBe([2]);
    }

    [Fact]
    public void Who_waits_again_has_another_turn()
    {
        _work.OnCompleted(() => Wait(0, 1));
        Run(events: 0);
        _done.ShouldBeEmpty();
        Run(events: 0);
        _done.ShouldBe([1]);
    }

    private void Wait(int microseconds, params ReadOnlySpan<int> numbers)
    {
        foreach (var number in numbers)
        {
            _work.OnCompleted(() =>
            {
                _time.Now += microseconds;
                _done.Add(number);
            });
        }
    }

    private void Run(int events) =>
        _work.Run(TimeSpan.FromMicroseconds(events), fault => throw new InvalidOperationException("a step failed", fault));

    private sealed class Microseconds : TimeProvider
    {
        public long Now { get; set; }

        public override long TimestampFrequency => 1_000_000;

        public override long GetTimestamp() => Now;
    }
}
