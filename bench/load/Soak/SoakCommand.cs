using System.Diagnostics;
using System.Globalization;
using Countersign.Load.Compare;
using Countersign.Load.Drive;
using Countersign.Native;

namespace Countersign.Load.Soak;

/// <summary>
/// A gate under mixed load for a long time, with a reload between any two turns: does its memory stay? Each turn has all kinds of work
/// at once; what it holds is read when it has come to rest.
/// </summary>
internal static class SoakCommand
{
    public static readonly string[] Known = ["gate", "minutes", "percent", "connections", "server-core", "load-core"];

    // Pools and caches fill up in the first of them.
    private const int WarmUpTurns = 5;

    // Of what the turns after the warm-up began with, and beside it: arenas of the C library move in steps.
    private const double MostGrowth = 0.05;
    private const long MostBytes = 3_000_000;

    private static readonly IReadOnlyList<Kind> Kinds =
    [
        new(Work.Full, "1.3", 400),
        new(Work.Full, "1.2", 400),
        new(Work.Resumed, "1.3", 600),
        new(Work.Resumed, "1.2", 600),
        new(Work.KeepAlive, "1.3", 10_000),
        new(Work.KeepAlive, "1.3", 200, "/1m"),
        new(Work.KeepAlive, "1.2", 10, "/upload", 10_000_000),
    ];

    /// <returns>1 when it grew.</returns>
    public static int Run(Arguments arguments)
    {
        var folder = Directory.CreateTempSubdirectory("countersign-soak-").FullName;
        try
        {
            using var bench = new Bench(arguments, folder);
            using var gate = new Subject(bench, new NginxSoftware("gate", arguments.Text("gate")), bench.Together, loops: 2);
            var time = TimeSpan.FromMinutes(arguments.Number("minutes", 10));
            var started = Stopwatch.GetTimestamp();
            var samples = new List<Sample>();
            while (Stopwatch.GetElapsedTime(started) < time || samples.Count < WarmUpTurns + 2)
            {
                Turn(bench, gate);
                bench.Settle();
                samples.Add(Sample.Of(gate));
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{Stopwatch.GetElapsedTime(started):mm\\:ss}  turn {samples.Count,4}  {samples[^1].Bytes / 1e6,7:F1} MB anonymous  {samples[^1].Descriptors.All,4} descriptors ({samples[^1].Descriptors.Clients} clients, {samples[^1].Descriptors.Backends} backends)"));
                _ = CurrentProcess.Send(gate.Processes[0], CurrentProcess.SignalHangUp);
            }
            return Verdict(samples);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Turn(Bench bench, Subject gate)
    {
        var drivers = Kinds.Select(kind => (Kind: kind, Driver: bench.Drive(
            gate, Keys.P256, "--work", $"{kind.Work}", "--protocol", kind.Protocol, "--path", kind.Path, "--upload", $"{kind.Upload}",
            "--connections", "8", "--operations", $"{bench.Scaled(kind.Operations)}", "--warm-up", "8"))).ToList();
        try
        {
            drivers.ForEach(one => one.Driver.WaitUntilReady());
            drivers.ForEach(one => one.Driver.Go());
            foreach (var (kind, driver) in drivers)
            {
                var operations = bench.Scaled(kind.Operations);
                driver.Result().MustHaveDone(operations, resumed: kind.Work == Work.Resumed ? operations : 0);
            }
        }
        finally
        {
            drivers.ForEach(one => one.Driver.Dispose());
        }
    }

    /// <summary>The later half of the turns beside the earlier one, by their medians: a single turn may rest on a larger arena.</summary>
    private static int Verdict(List<Sample> samples)
    {
        var counted = samples.Skip(WarmUpTurns).ToList();
        var (early, late) = (counted.Take(counted.Count / 2).ToList(), counted.Skip(counted.Count / 2).ToList());
        var (before, after) = (Median(early.Select(sample => sample.Bytes)), Median(late.Select(sample => sample.Bytes)));
        var (fewer, more) = (Median(early.Select(sample => (long)sample.Descriptors.All)), Median(late.Select(sample => (long)sample.Descriptors.All)));
        var isFlat = after - before <= (before * MostGrowth) + MostBytes && more <= fewer + 2;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{samples.Count} turns: {before / 1e6:F1} MB in the earlier half, {after / 1e6:F1} MB in the later; {fewer} and {more} descriptors: {(isFlat ? "flat" : "it grows")}"));
        return isFlat ? 0 : 1;
    }

    private static long Median(IEnumerable<long> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }

    private sealed record Kind(Work Work, string Protocol, int Operations, string Path = "/a", int Upload = 0);

    private sealed record Sample(long Bytes, Descriptors Descriptors)
    {
        public static Sample Of(Subject gate) => new(gate.Anonymous, Descriptors.Of(gate.Processes, gate.BackendPort));
    }
}
