namespace Countersign.Load.Compare;

/// <summary>From the start of a server to the first connection it accepts.</summary>
internal sealed record StartRow() : Row("start-up", "ms", null)
{
    private const int Starts = 3;

    public override bool WarmsUp => true;

    public override bool IsForPeers => true;

    public override Measurement Take(Bench bench, Subject subject, int round)
    {
        var times = new List<double>();
        for (var i = 0; i < Starts; i++)
        {
            using var fresh = subject.Fresh(bench.ServerCore);
            times.Add(fresh.StartTime.TotalMilliseconds);
        }
        return Result(subject, round, times.Order().ElementAt(Starts / 2));
    }
}
