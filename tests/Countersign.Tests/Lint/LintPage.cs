namespace Countersign.Tests.Lint;

/// <summary>docs/lint/NAME.md, whose transcript is what <c>-t</c> said in a test.</summary>
internal static class LintPage
{
    private const int Width = 100;

    /// <summary>The page of the warning has what was said here. Countersign.Rules wants it of one test of each.</summary>
    public static string ShouldBeOnPage(this string said, string id)
    {
        var text = TranscriptPage.Settled(said.TrimEnd('\n'), DateTimeOffset.UtcNow);
        var measured = $"$ countersign -t\n{string.Join('\n', text.Split('\n').SelectMany(Broken))}";
        TranscriptPage.Compared(new TranscriptPage(id).TranscriptAfter(measured)).ShouldBe(TranscriptPage.Compared(measured), $"{id}: {MeasuredPage.Advice}\n{measured}");
        return said;
    }

    private static IEnumerable<string> Broken(string line)
    {
        // What is there to be pasted stays whole.
        for (var isWhole = line.StartsWith("      ", StringComparison.Ordinal); !isWhole && line.Length > Width && line.LastIndexOf(' ', Width) is var at && at > 4;)
        {
            yield return line[..at];
            line = "    " + line[(at + 1)..];
        }
        yield return line;
    }
}
