using Countersign.Load.Drive;

namespace Countersign.Load.Compare;

/// <summary>
/// What it costs clients that are let in that refusals are explained: a full handshake of the gate as it is beside the same program with refusal_log off.
/// </summary>
internal sealed record ExplanationRow() : Row("full handshake with refusal_log, beside off", "ratio", new Target(1.02, IsRatio: false))
{
    private const int Operations = 200;
    private const int Pairs = 3;

    public override bool WarmsUp => true;

    public override bool IsRelated => false;

    public override bool IsFor(Software software) => software.Explains;

    public override Measurement Take(Bench bench, Subject subject, int round) =>
        Result(subject, round, Trial(bench, subject).CostBeside(Trial(bench, bench.Silent(subject), "off"), Pairs));

    private Trial Trial(Bench bench, Subject subject, string log = "on") => bench.Trial($"{Title}, {subject.Name}, {log}", () =>
    {
        var operations = Math.Max(bench.Connections, bench.Scaled(Operations));
        return new Trial(subject, bench.Drive(
            subject, Keys.P256, "--work", $"{Work.Full}", "--connections", $"{bench.Connections}", "--operations", $"{operations}", "--warm-up", "40"), Work.Full, operations);
    });
}
