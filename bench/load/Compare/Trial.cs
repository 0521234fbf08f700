using Countersign.Load.Drive;

namespace Countersign.Load.Compare;

/// <summary>A server and its clients, who stay: what they have compiled in one measurement they do not compile in the next.</summary>
internal sealed class Trial(Subject subject, Driver clients, Work work, int operations) : IDisposable
{
    private bool _isReady;

    /// <summary>Microseconds of the server for one operation.</summary>
    public double Cost() => Cost(out _);

    /// <param name="perSecond">Operations, as the clients saw them.</param>
    public double Cost(out double perSecond)
    {
        WaitUntilReady();
        var before = subject.ProcessorUse();
        clients.Go();
        var result = clients.Result();
        var used = subject.ProcessorUse().Since(before);
        result.MustHaveDone(operations, resumed: work == Work.Resumed ? operations : 0);
        perSecond = operations / result["seconds"];
        return used.TotalMicroseconds / operations;
    }

    /// <summary>
    /// What it costs beside another one. A machine changes its speed within seconds, so the two take turns of a quarter of a second, there
    /// and back again, and of all those pairs it is the median.
    /// </summary>
    public double CostBeside(Trial other, int pairs)
    {
        var ratios = new List<double>();
        for (var pair = 0; pair < pairs; pair++)
        {
            var there = other.Cost();
            var own = Cost() + Cost();
            ratios.Add(own / (there + other.Cost()));
        }
        return Median.Of(ratios)!.Value;
    }

    private void WaitUntilReady()
    {
        if (!_isReady)
        {
            clients.WaitUntilReady();
            _isReady = true;
        }
    }

    public void Dispose() => clients.Dispose();
}
