using System.Globalization;
using System.Text;

namespace Countersign.Refusals;

/// <summary>A refusal for a terminal: aligned, without colours, every line safe to show.</summary>
public static class RefusalText
{
    public static string Of(Refusal refusal) => Of(RefusalEntry.Of(refusal));

    /// <summary>Lines end with a line feed; the first one is the title.</summary>
    public static string Of(RefusalEntry entry)
    {
        var text = new StringBuilder(1024);
        text.Append(SafeText.Of(entry.Id));
        if (entry.Incident.Length > 0)
        {
            text.Append("  incident ").Append(SafeText.Of(entry.Incident));
        }
        text.Append("  ").Append(Evidence.Text(entry.Time)).Append("\n\n  ").Append(SafeText.Of(entry.Message)).Append('\n');
        if (entry.Advice.Count > 0)
        {
            text.Append("\n  What to do\n");
            var isPasted = false;
            foreach (var advice in entry.Advice)
            {
                text.Append(isPasted ? "\n" : "");
                text.Append("    ").Append(SafeText.Of(advice.For).PadRight(9)).Append("  ").Append(SafeText.Of(advice.Text)).Append('\n');
                // On lines of their own: a terminal selects those whole.
                foreach (var line in (advice.Paste ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries))
                {
                    text.Append("\n      ").Append(SafeText.Of(line)).Append('\n');
                }
                isPasted = advice.Paste is { Length: > 0 };
            }
        }
        Table(text, "What happened", Happened(entry));
        Table(text, "Errors of the verification, in its order", entry.Errors.Select(error =>
            ($"depth {error.Depth.ToString(CultureInfo.InvariantCulture)}", $"{error.Code.ToString(CultureInfo.InvariantCulture)} {error.Name}{(error.Subject.Length > 0 ? "  " + error.Subject : "")}")));
        Table(text, "Also wrong", entry.Others.Select(other => (other, "")));
        Table(text, "Evidence", entry.Evidence.SelectMany(fact => Lines(fact.Key, fact.Value)));
        Table(text, "Handshake", entry.Handshake.SelectMany(fact => Lines(fact.Key, fact.Value)));
        foreach (var pem in entry.Presented)
        {
            text.Append('\n');
            foreach (var line in pem.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                text.Append(SafeText.Of(line)).Append('\n');
            }
        }
        if (entry.Presented.Count > 0 && entry.Presented.Count < entry.PresentedCount)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n  {entry.PresentedCount - entry.Presented.Count} more certificates were sent than are kept\n");
        }
        return text.ToString();
    }

    private static IEnumerable<(string, string)> Happened(RefusalEntry entry)
    {
        yield return ("up to", $"{entry.Blame} ({entry.Confidence})");
        if (entry.Status is { } status)
        {
            yield return ("status", status is 495 or 496 or 497 ? $"{status} (the client sees 400)" : $"{status}");
        }
        if (entry.Alert is { } alert)
        {
            yield return ("alert", $"{alert}{(entry.AlertFrom is { } from ? $", sent by the {from}" : "")}");
        }
        foreach (var (name, value) in new[]
        {
            ("client", entry.Client), ("server", entry.Server), ("SNI", entry.Sni), ("Host", entry.Host),
            ("subject", entry.Subject), ("issuer", entry.Issuer), ("serial", entry.Serial), ("SHA-256", entry.Sha256), ("nginx says", entry.Nginx),
        })
        {
            if (!string.IsNullOrEmpty(value))
            {
                yield return (name, value);
            }
        }
    }

    private static IEnumerable<(string, string)> Lines(string name, object value)
    {
        if (value is not IReadOnlyList<string> list)
        {
            return [(name, value switch
            {
                bool truth => truth ? "yes" : "no",
                IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
                _ => value.ToString() ?? "",
            })];
        }
        return list.Count == 0 ? [(name, "(none)")] : list.Select((item, index) => (index == 0 ? name : "", item));
    }

    private static void Table(StringBuilder text, string title, IEnumerable<(string Name, string Value)> rows)
    {
        var all = rows.ToList();
        if (all.Count == 0)
        {
            return;
        }
        var width = Math.Min(28, all.Max(row => row.Name.Length));
        text.Append("\n  ").Append(title).Append('\n');
        foreach (var (name, value) in all)
        {
            var line = $"    {SafeText.Of(name).PadRight(width)}  {SafeText.Of(value)}";
            text.Append(line.TrimEnd()).Append('\n');
        }
    }
}
