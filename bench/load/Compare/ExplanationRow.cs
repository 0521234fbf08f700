using Countersign.Load.Drive;

namespace Countersign.Load.Compare;

/// <summary>
/// What it costs clients that are let in that refusals are explained: a full handshake of the gate as it is beside the same program with refusal_log off.
/// </summary>
internal sealed record ExplanationRow() : Row("full handshake with refusal_log, beside off", "ratio", new Target(1.02, IsRatio: false))
{
    private const int Operations = 100;

    public override bool WarmsUp => true;

    public override bool IsRelated => false;

    public override bool IsFor(Software software) => software.Explains;

    public override Gauge Gauge(Bench bench, Subject subject) => new RelatedTrial(Trial(bench, bench.Twin(subject, explains: true)), Trial(bench, bench.Twin(subject, explains: false)));

    private static Trial Trial(Bench bench, Subject subject)
    {
        var operations = Math.Max(bench.Connections, bench.Scaled(Operations));
        return new Trial(subject, [bench.Drive(
            subject, Keys.P256, "--work", $"{Work.Full}", "--connections", $"{bench.Connections}", "--operations", $"{operations}", "--warm-up", $"{operations * 4}")], Work.Full, operations);
    }
}
