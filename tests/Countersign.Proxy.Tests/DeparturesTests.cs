namespace Countersign.Proxy.Tests;

public sealed class DeparturesTests
{
    private readonly Departures _departures = new();
    private readonly List<int> _gone = [];

    [Fact]
    public void Who_is_alone_in_a_turn_does_not_wait()
    {
        _departures.Hold(events: 1);
        _departures.IsCompleted.ShouldBeTrue();
    }

    [Fact]
    public void Others_leave_together_in_the_order_they_came()
    {
        Events(1, 2, 3);
        _gone.ShouldBeEmpty();
        _departures.Leave(Fail);
        _gone.ShouldBe([1, 2, 3]);
    }

    [Fact]
    public void Nothing_waits_for_more_than_a_few_others()
    {
        Events([.. Enumerable.Range(1, 33)]);
        _gone.ShouldBe(Enumerable.Range(1, 32));
        _departures.IsCompleted.ShouldBeFalse();
        _departures.Leave(Fail);
        _gone.ShouldBe(Enumerable.Range(1, 33));
    }

    [Fact]
    public void What_follows_from_a_departure_does_not_wait()
    {
        _departures.Hold(events: 2);
        _departures.OnCompleted(() => _departures.IsCompleted.ShouldBeTrue());
        _departures.Leave(Fail);
        _departures.Count.ShouldBe(0);
    }

    [Fact]
    public void Who_fails_holds_up_nobody()
    {
        List<Exception> faults = [];
        _departures.Hold(events: 2);
        _departures.OnCompleted(() => throw new InvalidOperationException("one"));
        _departures.OnCompleted(() => _gone.Add(2));
        _departures.Leave(faults.Add);
        faults.ShouldHaveSingleItem().Message.ShouldBe("one");
        _gone.ShouldBe([2]);
    }

    /// <summary>A turn in which each event has one thing to send.</summary>
    private void Events(params int[] numbers)
    {
        _departures.Hold(numbers.Length);
        foreach (var number in numbers)
        {
            _departures.IsCompleted.ShouldBeFalse();
            _departures.OnCompleted(() => _gone.Add(number));
            _departures.Note(Fail);
        }
    }

    private static void Fail(Exception fault) => throw new InvalidOperationException("a departure failed", fault);
}
