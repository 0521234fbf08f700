using System.Text;
using Countersign.Refusals;

namespace Countersign.EndToEnd.Refusals;

/// <summary>
/// What <c>countersign incident</c> begins with, for a line of the refusal log: reason, advice and whom it is up to, broken as a terminal breaks it.
/// </summary>
internal static class Transcript
{
    private const string Incident = "4be1f7d0a2c95e36";
    private const int Width = 100;
    private const string Happened = "  What happened";

    private static readonly string[] Kept = ["    up to ", "    status ", "    alert "];

    public static string Of(string line)
    {
        var entry = RefusalJsonReader.Read(Encoding.Latin1.GetBytes(line)) ?? throw new ArgumentException($"no refusal: {line}");
        var text = TranscriptPage.Settled(RefusalText.Of(entry).Replace(entry.Incident, Incident, StringComparison.Ordinal), entry.Time);
        return $"$ countersign incident {Incident}\n{string.Join('\n', Beginning(text).SelectMany(Broken))}";
    }

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
}
