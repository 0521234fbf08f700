using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Countersign.Load.Compare;

/// <summary>The table of a comparison, with all that its figures depend on. The first subject is what the others are related to.</summary>
internal sealed class Report(IReadOnlyList<Subject> subjects, IReadOnlyList<Measurement> measurements, int connections)
{
    private readonly DateTimeOffset _taken = TimeProvider.System.GetUtcNow();
    private readonly string _machine = $"{ProcessorName()}, {Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}, {RuntimeInformation.OSArchitecture}";

    // Of the whole machine, at the end of the run: with much else going on all figures are larger and less steady.
    private readonly string _loadAverage = File.ReadAllText("/proc/loadavg").Split(' ')[1];

    public string Markdown()
    {
        var text = new StringBuilder();
        string[] heads = ["server CPU, us per operation", .. subjects.Select((subject, i) => i == 0 ? subject.Name : $"{subject.Name} (ratio)")];
        List<string[]> lines = [heads];
        foreach (var row in Row.All)
        {
            var medians = subjects.Select(subject => Median(subject, row)).ToList();
            lines.Add([row.Title, .. medians.Select((median, i) => i == 0 ? Number(median) : $"{Number(median)} ({(median / medians[0]).ToString("F2", CultureInfo.InvariantCulture)})")]);
        }
        lines.Add(["resident at start, MB", .. subjects.Select(subject => Number(subject.ResidentAtStart / 1e6))]);
        lines.Add(["resident after the load, MB", .. subjects.Select(subject => Number(subject.Resident / 1e6))]);

        var widths = heads.Select((_, column) => lines.Max(line => line[column].Length)).ToArray();
        for (var i = 0; i < lines.Count; i++)
        {
            text.AppendLine($"| {string.Join(" | ", lines[i].Select((cell, column) => column == 0 ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column])))} |");
            if (i == 0)
            {
                text.AppendLine($"| {string.Join(" | ", widths.Select((width, column) => column == 0 ? new string('-', width) : new string('-', width - 1) + ":"))} |");
            }
        }
        text.AppendLine();
        text.AppendLine(string.Create(CultureInfo.InvariantCulture, $"{_taken:yyyy-MM-dd HH:mm} UTC, median of {measurements.Max(one => one.Round)} rounds, {connections} connections, one loop or worker on one core, clients and backend on another."));
        text.AppendLine($"{_machine}; load average {_loadAverage}.");
        foreach (var subject in subjects)
        {
            text.AppendLine($"{subject.Name}: {subject.Version}, {subject.Library}.");
        }
        text.AppendLine($"Clients: {Native.OpenSslLibrary.Version}.");
        return text.ToString();
    }

    /// <summary>DATE.md as above, and DATE.json with each round.</summary>
    public void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        var file = Path.Combine(folder, _taken.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        File.WriteAllText(file + ".md", Markdown());
        File.WriteAllText(file + ".json", JsonSerializer.Serialize(
            new
            {
                Taken = _taken,
                Machine = _machine,
                LoadAverage = _loadAverage,
                Connections = connections,
                Library = Native.OpenSslLibrary.Version,
                Subjects = subjects.Select(subject => new { subject.Name, subject.Version, subject.Library, subject.ResidentAtStart, subject.Resident }),
                Measurements = measurements,
            },
            new JsonSerializerOptions { WriteIndented = true }) + "\n");
    }

    private double Median(Subject subject, Row row)
    {
        var sorted = measurements.Where(one => one.Subject == subject.Name && one.Row == row.Title).Select(one => one.Microseconds).Order().ToList();
        return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }

    private static string Number(double value) => value.ToString(value < 100 ? "F1" : "F0", CultureInfo.InvariantCulture);

    private static string ProcessorName() => File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(": ")[^1]
        ?? "unnamed processor";
}
