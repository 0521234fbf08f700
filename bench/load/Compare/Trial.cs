using Countersign.Load.Drive;

namespace Countersign.Load.Compare;

/// <summary>What an operation costs a server, in microseconds of its processor. Its clients stay for as long as it is measured.</summary>
/// <param name="drivers">Processes of clients, each of which makes all <paramref name="operations"/>.</param>
internal sealed class Trial(Subject subject, IReadOnlyList<Driver> drivers, Work work, int operations) : Gauge
{
    private bool _isReady;

    public override Reading Take()
    {
        if (!_isReady)
        {
            ForEach(driver => driver.WaitUntilReady());
            _isReady = true;
        }
        var before = subject.ProcessorUse();
        ForEach(driver => driver.Go());
        var results = drivers.Select(driver => driver.Result()).ToList();
        var used = subject.ProcessorUse().Since(before);
        results.ForEach(result => result.MustHaveDone(operations, resumed: work == Work.Resumed ? operations : 0));
        return new Reading(used.TotalMicroseconds / (operations * drivers.Count), results.Sum(result => operations / result["seconds"]));
    }

    public override void Dispose() => ForEach(driver => driver.Dispose());

    private void ForEach(Action<Driver> action)
    {
        foreach (var driver in drivers)
        {
            action(driver);
        }
    }
}
