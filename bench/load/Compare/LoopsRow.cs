using Countersign.Load.Drive;

namespace Countersign.Load.Compare;

/// <summary>
/// What an operation costs a server with two loops on both cores, related to what it costs the same server with one, on either core in turn: of a
/// machine's two cores one is often a third faster for a while, and a single loop would be on the one or on the other. Clients are the same for all,
/// a process of them on each core: who has a core to himself, or clients on the other one alone, pays less for that and not for his loops.
/// </summary>
/// <param name="Operations">Those of an eighth of a second, for each process of clients.</param>
/// <param name="WarmUp">Operations before all that count.</param>
internal sealed record LoopsRow(string Title, Work Work, int Operations, int WarmUp) : Row(Title, "of one loop", new Target(1.05, IsRatio: false))
{
    public override bool WarmsUp => true;

    public override bool IsRelated => false;

    public override Gauge Gauge(Bench bench, Subject subject) => new RelatedTrial(
        Trial(bench, bench.Placed(subject, bench.Together, loops: 2)),
        Trial(bench, bench.Placed(subject, bench.Together with { Server = bench.Apart.Server }, loops: 1)),
        Trial(bench, bench.Placed(subject, bench.Together with { Server = bench.Exchanged.Server }, loops: 1)));

    private Trial Trial(Bench bench, Subject placed)
    {
        var operations = Math.Max(bench.Connections, bench.Scaled(Operations));
        string[] cores = [bench.Apart.Server, bench.Apart.Clients];
        return new Trial(placed, [.. cores.Select(core => bench.Drive(
            core, placed, Keys.P256, "client",
            ["--work", $"{Work}", "--connections", $"{bench.Connections}", "--operations", $"{operations}", "--warm-up", $"{Math.Max(WarmUp / cores.Length, bench.Connections)}"]))],
            Work, operations);
    }
}
