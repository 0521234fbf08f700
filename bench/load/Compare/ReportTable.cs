using System.Globalization;
using System.Text;

namespace Countersign.Load.Compare;

/// <summary>The figures as a Markdown table.</summary>
internal sealed class ReportTable(IReadOnlyList<Subject> subjects, IReadOnlyList<Row> rows, IReadOnlyList<Measurement> measurements)
{
    private const string Red = "\e[31m";
    private const string Plain = "\e[0m";

    private readonly record struct Cell(string Text, bool IsMissed = false);

    /// <param name="isPlain">Otherwise a missed target is red.</param>
    public string Text(bool isPlain)
    {
        List<Cell[]> lines = [[new("work"), new("unit"), .. subjects.Select((subject, i) => new Cell(i == 0 ? subject.Name : $"{subject.Name} (ratio)")), new("target")]];
        lines.AddRange(rows.Select(Line));
        lines.Add([new("resident after the load"), new("MB"), .. subjects.Select(subject => new Cell(Number(subject.Resident / 1e6))), new("")]);
        var widths = lines[0].Select((_, column) => lines.Max(line => line[column].Text.Length)).ToArray();
        var text = new StringBuilder();
        for (var i = 0; i < lines.Count; i++)
        {
            text.AppendLine($"| {string.Join(" | ", lines[i].Select((cell, column) => Padded(cell, column, widths[column], isPlain)))} |");
            if (i == 0)
            {
                text.AppendLine($"| {string.Join(" | ", widths.Select((width, column) => IsText(column) ? new string('-', width) : new string('-', width - 1) + ":"))} |");
            }
        }
        return text.ToString();
    }

    private Cell[] Line(Row row)
    {
        var medians = subjects.Select(subject => Median(subject, row)).ToList();
        return [new(row.Title), new(row.Unit), .. subjects.Select((subject, i) => Figure(row, subject, medians[i], medians[0], i == 0)), new(TargetText(row))];
    }

    private static Cell Figure(Row row, Subject subject, double? median, double? first, bool isFirst)
    {
        if (median is not { } value)
        {
            return new("-");
        }
        var ratio = value / first;
        var judged = row.Target is not { } target || (target.Of is { } only ? only != subject.Name : isFirst || subject.Software.IsPeer) ? null
            : target.IsRatio ? ratio : value;
        return new(
            isFirst || ratio is null || !row.IsRelated ? Number(value) : $"{Number(value)} ({ratio.Value.ToString("F2", CultureInfo.InvariantCulture)})",
            judged > row.Target?.Most);
    }

    private static string TargetText(Row row) => row.Target is not { } target ? ""
        : "<= " + target.Most.ToString(target.IsRatio ? "F2" : "G", CultureInfo.InvariantCulture) + (target.IsRatio ? "" : " " + row.Unit)
            + (target.Of is { } only ? $" ({only})" : "");

    private double? Median(Subject subject, Row row)
    {
        var sorted = measurements.Where(one => one.Subject == subject.Name && one.Row == row.Title).Select(one => one.Value).Order().ToList();
        return sorted.Count == 0 ? null : (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }

    private static string Padded(Cell cell, int column, int width, bool isPlain)
    {
        var padded = IsText(column) ? cell.Text.PadRight(width) : cell.Text.PadLeft(width);
        return cell.IsMissed && !isPlain ? Red + padded + Plain : padded;
    }

    private static bool IsText(int column) => column < 2;

    private static string Number(double value) => value.ToString(value < 10 ? "F2" : value < 100 ? "F1" : "F0", CultureInfo.InvariantCulture);
}
