using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Countersign.Load.Compare;

/// <summary>The table of a comparison, with all that its figures depend on. The first subject is what the others are related to.</summary>
internal sealed class Report(Bench bench, IReadOnlyList<Subject> subjects, IReadOnlyList<Row> rows, IReadOnlyList<Measurement> measurements)
{
    private readonly DateTimeOffset _taken = TimeProvider.System.GetUtcNow();
    private readonly string _machine = $"{ProcessorName()}, {Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}, {RuntimeInformation.OSArchitecture}";

    // Of the whole machine, at the end of the run: with much else going on all figures are larger and less steady.
    private readonly string _loadAverage = File.ReadAllText("/proc/loadavg").Split(' ')[1];

    // While the servers still run.
    private readonly IReadOnlyList<string> _libraries = [.. subjects.Select(subject => LoadedLibrary.Of(subject.Processes))];

    /// <param name="isPlain">Otherwise a terminal shows in red what misses its target.</param>
    public string Markdown(bool isPlain)
    {
        var text = new StringBuilder(new ReportTable(subjects, rows, measurements).Text(isPlain));
        text.AppendLine();
        text.AppendLine(string.Create(CultureInfo.InvariantCulture, $"{_taken:yyyy-MM-dd HH:mm} UTC, median of {measurements.Max(one => one.Round)} rounds, {bench.Connections} connections, one loop or worker on one core, clients and backend on another."));
        text.AppendLine("In parentheses what relates to the first column, the median of each round's; a target is for that, or for the figure where it has a unit.");
        foreach (var row in measurements.Where(one => one.IsDoubtful).GroupBy(one => one.Row))
        {
            text.AppendLine($"Doubtful, as the clients could not keep their pace: {row.Key}, {row.Count()} of {measurements.Count(one => one.Row == row.Key)} measurements.");
        }
        text.AppendLine($"{_machine}; load average {_loadAverage}.");
        foreach (var (subject, library) in subjects.Zip(_libraries))
        {
            text.AppendLine($"{subject.Name}: {subject.Software.Version}, {library}.");
        }
        text.AppendLine($"Clients: {LoadedLibrary.Of([Environment.ProcessId])}.");
        return text.ToString();
    }

    /// <summary>DATE.md as above, and DATE.json with each round.</summary>
    public void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        var file = Path.Combine(folder, _taken.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        File.WriteAllText(file + ".md", Markdown(isPlain: true));
        File.WriteAllText(file + ".json", JsonSerializer.Serialize(
            new
            {
                Taken = _taken,
                Machine = _machine,
                LoadAverage = _loadAverage,
                bench.Connections,
                Library = Native.OpenSslLibrary.Version,
                Subjects = subjects.Zip(_libraries, (subject, library) => new
                {
                    subject.Name,
                    subject.Software.Version,
                    Library = library,
                    subject.Resident,
                }),
                Measurements = measurements,
            },
            new JsonSerializerOptions { WriteIndented = true }) + "\n");
    }

    private static string ProcessorName() => File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(": ")[^1]
        ?? "unnamed processor";
}
