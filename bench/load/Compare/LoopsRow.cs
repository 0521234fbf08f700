using Countersign.Load.Drive;

namespace Countersign.Load.Compare;

/// <summary>
/// What an operation costs a server with two loops, related to what it costs the same server with one. Both may use both cores, as the clients do:
/// otherwise the one that shares them would be compared with one that does not.
/// </summary>
internal sealed record LoopsRow(string Title, Work Work, int Operations) : Row(Title, "of one loop", new Target(1.05, IsRatio: false))
{
    private const int Pairs = 2;

    public override bool WarmsUp => true;

    public override bool IsRelated => false;

    public override Measurement Take(Bench bench, Subject subject, int round)
    {
        // There and back again, so that a machine that grows slower or faster meanwhile does so for both.
        var (one, two) = (0.0, 0.0);
        for (var pair = 0; pair < Pairs; pair++)
        {
            one += Cost(bench, subject, loops: 1);
            two += Cost(bench, subject, loops: 2) + Cost(bench, subject, loops: 2);
            one += Cost(bench, subject, loops: 1);
        }
        return Result(subject, round, two / one);
    }

    private double Cost(Bench bench, Subject subject, int loops)
    {
        var operations = Math.Max(bench.Connections, bench.Scaled(Operations));
        var spread = bench.Spread(subject, loops);
        using var clients = bench.Drive(
            bench.BothCores, spread, Keys.P256, "--work", $"{Work}", "--connections", $"{bench.Connections}", "--operations", $"{operations}",
            "--warm-up", $"{bench.Connections * 4}");
        clients.WaitUntilReady();
        var before = spread.ProcessorUse();
        clients.Go();
        var result = clients.Result();
        var used = spread.ProcessorUse().Since(before);
        result.MustHaveDone(operations, resumed: 0);
        return used.TotalMicroseconds / operations;
    }
}
