using Countersign.Load.Drive;

namespace Countersign.Load.Compare;

/// <summary>
/// What it costs clients that are let in that refusals are explained: a full handshake of the gate as it is beside the same program with refusal_log off.
/// </summary>
internal sealed record ExplanationRow() : Row("full handshake with refusal_log, beside off", "ratio", new Target(1.02, IsRatio: false))
{
    private static readonly ProcessorRow Handshakes = new("", null, Work.Full, "1.3", 400, 40);

    public override bool WarmsUp => true;

    public override bool IsRelated => false;

    public override bool IsFor(Software software) => software.Explains;

    public override Measurement Take(Bench bench, Subject subject, int round)
    {
        var silent = bench.Silent(subject);
        // In the middle and at both ends: what the machine does meanwhile meets both.
        var before = Handshakes.Take(bench, subject, round).Value;
        var without = Handshakes.Take(bench, silent, round).Value + Handshakes.Take(bench, silent, round).Value;
        var after = Handshakes.Take(bench, subject, round).Value;
        return Result(subject, round, (before + after) / without);
    }
}
