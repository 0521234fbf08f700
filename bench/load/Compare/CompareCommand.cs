using System.Globalization;

namespace Countersign.Load.Compare;

/// <summary>
/// Servers side by side, each on the same core with the same configuration, clients and backend on another one. They take turns of an eighth of
/// a second, so that what else the machine does meets all of them; a row's first round only warms up.
/// </summary>
internal sealed class CompareCommand(Arguments arguments)
{
    public static readonly string[] Known = ["gate", "peer", "only", "rounds", "percent", "connections", "server-core", "load-core", "results"];

    private readonly IReadOnlyList<Row> _rows = Rows.With(arguments.All("only"));
    private readonly int _rounds = arguments.Number("rounds", 5);

    public static int Run(Arguments arguments)
    {
        new CompareCommand(arguments).Measure();
        return 0;
    }

    private void Measure()
    {
        var folder = Directory.CreateTempSubdirectory("countersign-bench-").FullName;
        var subjects = new List<Subject>();
        try
        {
            using var bench = new Bench(arguments, folder);
            foreach (var software in Gates().Concat(Peers()))
            {
                subjects.Add(new Subject(bench, software, bench.Apart));
            }
            var report = new Report(bench, subjects, _rows, Measurements(bench, subjects));
            Console.Write(report.Markdown(Console.IsOutputRedirected));
            if (arguments.All("results").Count > 0)
            {
                report.Write(arguments.Text("results"));
            }
        }
        finally
        {
            subjects.ForEach(subject => subject.Dispose());
            Directory.Delete(folder, recursive: true);
        }
    }

    private IEnumerable<Software> Gates() => arguments.All("gate").Select(NameAndProgram).Select(gate => new NginxSoftware(gate.Name, gate.Program));

    private IEnumerable<Software> Peers() => arguments.All("peer").Select(NameAndProgram).Select(Software (peer) => peer.Name switch
    {
        "haproxy" => new HaproxySoftware(peer.Program),
        "stunnel" => new StunnelSoftware(peer.Program),
        "yarp" => new YarpSoftware(peer.Program),
        _ => throw new FormatException($"--peer {peer.Name}: haproxy, stunnel or yarp"),
    });

    private static (string Name, string Program) NameAndProgram(string word) =>
        (word.Contains('=') ? word[..word.IndexOf('=')] : Path.GetFileName(word), word[(word.IndexOf('=') + 1)..]);

    private List<Measurement> Measurements(Bench bench, List<Subject> subjects)
    {
        var measurements = new List<Measurement>();
        foreach (var row in _rows)
        {
            var gauges = new List<(Subject Subject, Gauge Gauge)>();
            try
            {
                gauges.AddRange(subjects.Where(subject => row.IsFor(subject.Software)).Select(subject => (subject, row.Gauge(bench, subject))));
                for (var round = row.WarmsUp ? 0 : 1; round <= (row.IsTakenOnce ? 1 : _rounds); round++)
                {
                    var taken = Round(row, round, gauges);
                    if (round > 0)
                    {
                        measurements.AddRange(taken);
                    }
                }
            }
            finally
            {
                gauges.ForEach(one => one.Gauge.Dispose());
            }
        }
        return measurements;
    }

    private List<Measurement> Round(Row row, int round, List<(Subject Subject, Gauge Gauge)> gauges)
    {
        var readings = gauges.ToDictionary(one => one.Subject, _ => new List<Reading>());
        // There and back: nobody is always the one that finds the caches as another one left them, and a machine that becomes slower does so for all.
        foreach (var one in row.IsTakenOnce || round == 0 ? [.. gauges] : gauges.Concat(gauges.AsEnumerable().Reverse()).ToList())
        {
            try
            {
                if (gauges.Contains(one))
                {
                    readings[one.Subject].Add(one.Gauge.Take());
                }
            }
            catch (LoadException failed) when (one.Subject.Software.IsPeer)
            {
                Console.Error.WriteLine($"{round}/{_rounds} {row.Title,-45} {one.Subject.Name,-13} left out: {failed.Message}");
                one.Gauge.Dispose();
                gauges.Remove(one);
            }
        }
        return [.. gauges.Select(one => Measured(row, round, one.Subject, Reading.Mean(readings[one.Subject])))];
    }

    private Measurement Measured(Row row, int round, Subject subject, Reading reading)
    {
        Console.Error.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{round}/{_rounds} {row.Title,-45} {subject.Name,-13} {ReportTable.Number(reading.Value),6} {row.Unit}"));
        return new Measurement(subject.Name, row.Title, row.Unit, round, reading.Value, reading.PerSecond, reading.IsDoubtful);
    }
}
