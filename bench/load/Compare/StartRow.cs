namespace Countersign.Load.Compare;

/// <summary>From the start of a server to the first connection it accepts.</summary>
internal sealed record StartRow() : Row("start-up", "ms", null)
{
    public override bool WarmsUp => true;

    public override bool IsForPeers => true;

    public override Gauge Gauge(Bench bench, Subject subject) => Compare.Gauge.Of(() =>
    {
        using var fresh = subject.Fresh();
        return fresh.StartTime.TotalMilliseconds;
    });
}
