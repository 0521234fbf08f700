using System.Diagnostics;
using Countersign.Load.Drive;

namespace Countersign.Load.Compare;

/// <summary>What a flood of refused clients leaves: what a server grows by when as many again have come, and what it writes in its logs meanwhile.</summary>
internal sealed record FloodRow(string Title, string Unit, Func<Flood, double> Figure) : Row(Title, Unit, null)
{
    private const int Clients = 1000;

    public override bool IsTakenOnce => true;

    public override bool IsRelated => false;

    public override Gauge Gauge(Bench bench, Subject subject) => Compare.Gauge.Of(() => Figure(bench.Flood(subject, Run)));

    private static Flood Run(Bench bench, Subject subject)
    {
        var clients = Math.Max(bench.Connections, bench.Scaled(Clients));
        using var fresh = subject.Fresh();
        Refuse(bench, fresh, clients);
        bench.Settle();
        var (before, logged) = (fresh.Anonymous, fresh.Logged);
        var started = Stopwatch.GetTimestamp();
        Refuse(bench, fresh, clients);
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        bench.Settle();
        return new Flood(fresh.Anonymous - before, (fresh.Logged - logged) / seconds);
    }

    private static void Refuse(Bench bench, Subject subject, int clients)
    {
        using var drive = bench.Drive(
            subject, Keys.P256, "stranger",
            ["--work", $"{Work.Refused}", "--protocol", "1.3", "--connections", $"{bench.Connections}", "--operations", $"{clients}", "--warm-up", "0"]);
        drive.WaitUntilReady();
        drive.Go();
        drive.Result().MustHaveDone(clients, resumed: 0);
    }
}

/// <param name="Growth">Of anonymous memory, in bytes.</param>
/// <param name="LoggedPerSecond">Bytes.</param>
internal readonly record struct Flood(long Growth, double LoggedPerSecond);
