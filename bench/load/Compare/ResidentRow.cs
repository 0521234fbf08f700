namespace Countersign.Load.Compare;

/// <summary>Resident memory of a server that has accepted one connection and done nothing else.</summary>
internal sealed record ResidentRow() : Row("resident at start", "MB", new Target(30, IsRatio: false, Of: "ahead-of-time"))
{
    public override bool IsTakenOnce => true;

    public override Measurement Take(Bench bench, Subject subject, int round) => Result(subject, round, subject.ResidentAtStart / 1e6);
}
