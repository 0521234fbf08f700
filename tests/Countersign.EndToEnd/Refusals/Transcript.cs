using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Countersign.Refusals;

namespace Countersign.EndToEnd.Refusals;

/// <summary>
/// What <c>countersign incident</c> begins with, for a line of the refusal log: reason, advice and whom it is up to. It is broken as a terminal breaks it,
/// and set to one moment, one incident, one folder and one port.
/// </summary>
internal static partial class Transcript
{
    private const string Incident = "4be1f7d0a2c95e36";
    private const int Width = 100;
    private const string Happened = "  What happened";

    private static readonly DateTimeOffset Then = new(2026, 11, 24, 9, 30, 0, TimeSpan.Zero);
    private static readonly string[] Kept = ["    up to ", "    status ", "    alert "];

    public static string Of(string line)
    {
        var entry = RefusalJsonReader.Read(Encoding.Latin1.GetBytes(line)) ?? throw new ArgumentException($"no refusal: {line}");
        var text = RefusalText.Of(entry).Replace(entry.Incident, Incident, StringComparison.Ordinal);
        text = Time().Replace(text, match => Moved(match.Value, entry.Time));
        text = Folder().Replace(text, "/etc/nginx/");
        text = Port().Replace(text, "$1:8080");
        return $"$ countersign incident {Incident}\n{string.Join('\n', Beginning(text).SelectMany(Broken))}";
    }

    /// <summary>Without what differs between two runs.</summary>
    public static string Compared(string transcript) => Random().Replace(transcript, "?");

    private static IEnumerable<string> Beginning(string text)
    {
        var lines = text.Split('\n');
        var happened = Array.IndexOf(lines, Happened);
        return [.. lines[..(happened + 1)], .. lines[happened..].Where(line => Kept.Any(kept => line.StartsWith(kept, StringComparison.Ordinal)))];
    }

    private static IEnumerable<string> Broken(string line)
    {
        var indent = line.StartsWith("    ", StringComparison.Ordinal) ? 15 : 2;
        // What is there to be pasted stays whole.
        for (var isWhole = line.StartsWith("      ", StringComparison.Ordinal); !isWhole && line.Length > Width && line.LastIndexOf(' ', Width) is var at && at > indent;)
        {
            yield return line[..at];
            line = new string(' ', indent) + line[(at + 1)..];
        }
        yield return line;
    }

    private static string Moved(string time, DateTimeOffset from)
    {
        var moved = DateTimeOffset.Parse(time, CultureInfo.InvariantCulture) + (Then - from);
        return new DateTimeOffset((moved.Ticks + TimeSpan.TicksPerMinute / 2) / TimeSpan.TicksPerMinute * TimeSpan.TicksPerMinute, TimeSpan.Zero)
            .ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"\b20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")]
    private static partial Regex Time();

    [GeneratedRegex(@"/[^\s""]*/cs-\w{6}/(conf/)?")]
    private static partial Regex Folder();

    [GeneratedRegex(@"(\b127\.0\.0\.\d+|localhost):\d{4,5}\b")]
    private static partial Regex Port();

    /// <summary>Moments, identifiers and digests, places in a configuration, and lengths of time that somebody measured.</summary>
    [GeneratedRegex(@"\s+|\b20\d\d-\d\d-\d\dT[\d:]+Z|\b(?=[0-9A-Fa-f:]*\d)[0-9A-Fa-f:]{6,}\b|\b\d{12,14}Z|(?<=\.conf:)\d+|\b\d+(\.\d+)?(?= m?s\b)")]
    private static partial Regex Random();
}
