using Countersign.Load.Drive;

namespace Countersign.Load.Compare;

/// <summary>
/// What an operation costs a server with two loops on both cores, related to what it costs the same server with one, on either core in turn: of a
/// machine's two cores one is often a third faster for a while, and a single loop would be on the one or on the other. Each loop has clients of its
/// own, a process of them.
/// </summary>
/// <param name="Operations">Those of a quarter of a second, for each loop.</param>
/// <param name="WarmUp">Operations before all that count.</param>
internal sealed record LoopsRow(string Title, Work Work, int Operations, int WarmUp) : Row(Title, "of one loop", new Target(1.05, IsRatio: false))
{
    public override bool WarmsUp => true;

    public override bool IsRelated => false;

    public override Gauge Gauge(Bench bench, Subject subject) => new RelatedTrial(
        Trial(bench, subject, bench.Together, loops: 2), Trial(bench, subject, bench.Apart, loops: 1), Trial(bench, subject, bench.Exchanged, loops: 1));

    private Trial Trial(Bench bench, Subject subject, Placement placement, int loops)
    {
        var operations = Math.Max(bench.Connections, bench.Scaled(Operations));
        var placed = bench.Placed(subject, placement, loops);
        return new Trial(placed, [.. Enumerable.Range(0, loops).Select(_ => bench.Drive(
            placed, Keys.P256,
            "--work", $"{Work}", "--connections", $"{bench.Connections}", "--operations", $"{operations}", "--warm-up", $"{Math.Max(WarmUp / loops, bench.Connections)}"))], Work, operations);
    }
}
