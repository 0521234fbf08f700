using Countersign.Load.Drive;

namespace Countersign.Load.Compare;

/// <summary>What a server's anonymous memory grows by for each connection that has made a handshake and a GET and is idle.</summary>
internal sealed record MemoryRow() : Row("anonymous memory per idle connection", "kB", new Target(1.00))
{
    private const int Connections = 10_000;

    public override bool IsTakenOnce => true;

    public override Gauge Gauge(Bench bench, Subject subject) => Compare.Gauge.Of(() => Growth(bench, subject));

    private static double Growth(Bench bench, Subject subject)
    {
        var connections = bench.Scaled(Connections);
        // Of the last sixteenth nginx closes idle connections to make room.
        var room = connections + connections / 4 + 512;
        OpenFiles.MustAllow(room);
        using var fresh = subject.Fresh(connections: room);
        using var clients = bench.Drive(
            fresh, Keys.P256, "--work", $"{Work.Hold}", "--connections", $"{Math.Min(connections, bench.Connections)}", "--operations", $"{connections}");
        clients.WaitUntilReady();
        bench.Settle();
        var before = fresh.Anonymous;
        clients.Go();
        clients.Result().MustHaveDone(connections, resumed: 0);
        bench.Settle();
        var after = fresh.Anonymous;
        clients.Go();
        var open = clients.Result()["open"];
        return open == connections
            ? (after - before) / 1000.0 / connections
            : throw new LoadException($"{subject.Name}: only {open} of {connections} connections were still open");
    }
}
