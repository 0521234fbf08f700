using Countersign.Load.Drive;

namespace Countersign.Load.Compare;

/// <summary>
/// What an operation costs a server with two loops, related to what it costs the same server with one. Both may use both cores, as the clients do:
/// otherwise the one that shares them would be compared with one that does not.
/// </summary>
/// <param name="Operations">Those of a quarter of a second.</param>
internal sealed record LoopsRow(string Title, Work Work, int Operations) : Row(Title, "of one loop", new Target(1.05, IsRatio: false))
{
    private const int Pairs = 3;

    public override bool WarmsUp => true;

    public override bool IsRelated => false;

    public override Measurement Take(Bench bench, Subject subject, int round) =>
        Result(subject, round, Trial(bench, subject, loops: 2).CostBeside(Trial(bench, subject, loops: 1), Pairs));

    private Trial Trial(Bench bench, Subject subject, int loops) => bench.Trial($"{Title}, {subject.Name}, {loops}", () =>
    {
        var operations = Math.Max(bench.Connections, bench.Scaled(Operations));
        var spread = bench.Spread(subject, loops);
        return new Trial(spread, bench.Drive(
            bench.BothCores, spread, Keys.P256, "--work", $"{Work}", "--connections", $"{bench.Connections}", "--operations", $"{operations}",
            "--warm-up", $"{bench.Connections * 4}"), Work, operations);
    });
}
