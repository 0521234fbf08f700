using System.Globalization;
using System.Text;

namespace Countersign.Load.Compare;

/// <summary>
/// The figures as a Markdown table: medians of the rounds. What relates a subject to the first is the median of each round's ratios, so that a
/// machine that is slower in one round than in another is so for both.
/// </summary>
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
        return [new(row.Title), new(row.Unit), .. subjects.Select((subject, i) => Figure(row, subject, i == 0)), new(TargetText(row))];
    }

    private Cell Figure(Row row, Subject subject, bool isFirst)
    {
        var rounds = Rounds(subject, row);
        if (Median.Of(rounds.Values) is not { } value)
        {
            return new("-");
        }
        var first = Rounds(subjects[0], row);
        var ratio = Median.Of(rounds.Where(round => first.ContainsKey(round.Key)).Select(round => round.Value / first[round.Key]));
        var judged = row.Target is not { } target || (target.Of is { } only ? only != subject.Name : isFirst || subject.Software.IsPeer) ? null
            : target.IsRatio ? ratio : value;
        return new(
            isFirst || ratio is null || !row.IsRelated ? Number(value) : $"{Number(value)} ({ratio.Value.ToString("F2", CultureInfo.InvariantCulture)})",
            judged > row.Target?.Most);
    }

    private static string TargetText(Row row) => row.Target is not { } target ? ""
        : "<= " + target.Most.ToString(target.IsRatio ? "F2" : "G", CultureInfo.InvariantCulture) + (target.IsRatio ? "" : " " + row.Unit)
            + (target.Of is { } only ? $" ({only})" : "");

    private Dictionary<int, double> Rounds(Subject subject, Row row) =>
        measurements.Where(one => one.Subject == subject.Name && one.Row == row.Title).ToDictionary(one => one.Round, one => one.Value);

    private static string Padded(Cell cell, int column, int width, bool isPlain)
    {
        var padded = IsText(column) ? cell.Text.PadRight(width) : cell.Text.PadLeft(width);
        return cell.IsMissed && !isPlain ? Red + padded + Plain : padded;
    }

    private static bool IsText(int column) => column < 2;

    public static string Number(double value) => value.ToString(value < 10 ? "F2" : value < 100 ? "F1" : "F0", CultureInfo.InvariantCulture);
}
