namespace Countersign.Load.Compare;

/// <summary>Resident memory of a server that nothing has been done with.</summary>
internal sealed record ResidentRow() : Row("resident at start", "MB", new Target(30, IsRatio: false, Of: "ahead-of-time"))
{
    public override bool IsTakenOnce => true;

    public override bool IsForPeers => true;

    public override Gauge Gauge(Bench bench, Subject subject) => Compare.Gauge.Of(() =>
    {
        using var fresh = subject.Fresh();
        bench.Settle();
        return fresh.Resident / 1e6;
    });
}
