using Countersign.Load.Drive;

namespace Countersign.Load.Compare;

/// <summary>
/// What an operation costs a server with two loops, related to what it costs the same server with one. Both may use both cores, as the clients do:
/// otherwise the one that shares them would be compared with one that does not.
/// </summary>
/// <param name="Operations">Those of a quarter of a second.</param>
internal sealed record LoopsRow(string Title, Work Work, int Operations) : Row(Title, "of one loop", new Target(1.05, IsRatio: false))
{
    public override bool WarmsUp => true;

    public override bool IsRelated => false;

    public override Gauge Gauge(Bench bench, Subject subject) => new RelatedTrial(Trial(bench, subject, loops: 2), Trial(bench, subject, loops: 1));

    private Trial Trial(Bench bench, Subject subject, int loops)
    {
        var operations = Math.Max(bench.Connections, bench.Scaled(Operations));
        var spread = bench.Spread(subject, loops);
        return new Trial(spread, bench.Drive(
            bench.BothCores, spread, Keys.P256, "client",
            ["--work", $"{Work}", "--connections", $"{bench.Connections}", "--operations", $"{operations}", "--warm-up", $"{operations * 4}"]), Work, operations);
    }
}
