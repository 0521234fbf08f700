using System.Globalization;

namespace Countersign.Load.Compare;

/// <summary>
/// Servers side by side, each on the same core with the same configuration, clients and backend on another one. Rounds are interleaved,
/// so that what else the machine does meets all of them; the first round only warms up.
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
                subjects.Add(new Subject(bench, software, bench.ServerCore));
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
        var cannot = new HashSet<(Row, Subject)>();
        for (var round = 0; round <= _rounds; round++)
        {
            foreach (var row in _rows.Where(row => row.IsPartOf(round)))
            {
                // Nobody is always the one that finds the caches as another one left them.
                foreach (var subject in round % 2 == 0 ? subjects : subjects.AsEnumerable().Reverse())
                {
                    if (!row.IsFor(subject.Software) || cannot.Contains((row, subject)))
                    {
                        continue;
                    }
                    Measurement measurement;
                    try
                    {
                        measurement = row.Take(bench, subject, round);
                    }
                    catch (LoadException failed) when (subject.Software.IsPeer)
                    {
                        Console.Error.WriteLine($"{round}/{_rounds} {row.Title,-40} {subject.Name,-16} left out: {failed.Message}");
                        cannot.Add((row, subject));
                        continue;
                    }
                    Console.Error.WriteLine(string.Create(
                        CultureInfo.InvariantCulture, $"{round}/{_rounds} {row.Title,-40} {subject.Name,-16} {ReportTable.Number(measurement.Value),10} {row.Unit}"));
                    if (round > 0)
                    {
                        measurements.Add(measurement);
                    }
                }
            }
        }
        return measurements;
    }
}
