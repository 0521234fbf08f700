using System.Text.Json;
using System.Text.RegularExpressions;

namespace Countersign.Rules;

/// <summary>Reasons, their pages and their tests, as they are written down.</summary>
internal static partial class RefusalSources
{
    private static readonly JsonElement Lists =
        JsonDocument.Parse(File.ReadAllText(Path.Combine(SourceTree.Root, "tests/Countersign.Rules/refusals.json"))).RootElement;

    /// <summary>Every file that has a reason in it.</summary>
    public static IReadOnlyList<ReasonSource> Reasons { get; } =
    [
        .. SourceTree.Sources("Countersign.Refusals")
            .Select(file => (File: Path.GetRelativePath(SourceTree.Root, file), Text: File.ReadAllText(file)))
            .Where(source => ReasonType().IsMatch(source.Text))
            .Select(source => new ReasonSource(source.File, source.Text, [.. Name().Matches(source.Text).Select(match => match.Groups[1].Value)])),
    ];

    public static IReadOnlyList<string> Ids { get; } = [.. Reasons.SelectMany(reason => reason.Ids).Order(StringComparer.Ordinal)];

    /// <summary>By id.</summary>
    public static IReadOnlyDictionary<string, string> Pages { get; } = Directory
        .EnumerateFiles(Path.Combine(SourceTree.Root, "docs/refusals"), "*.md", SearchOption.AllDirectories)
        .Where(file => Path.GetFileName(file) != "README.md")
        .ToDictionary(file => Path.GetRelativePath(Path.Combine(SourceTree.Root, "docs/refusals"), file)[..^3], File.ReadAllText);

    /// <summary>Ids of tests that have the attribute, <c>Refuses</c> or <c>Innocent</c>.</summary>
    public static IReadOnlySet<string> Tested(string attribute) => InTests($@"[\[,]\s*{attribute}\(""([^""]+)""\)").ToHashSet();

    /// <summary>Ids whose pages are compared with what a test brought about, once for each test that does.</summary>
    public static IEnumerable<string> Transcripts => InTests(@"\.ShouldBeOnPage\(""([^""]+)""\)");

    /// <summary>Every cause there is to tell apart.</summary>
    public static IReadOnlyList<string> Catalogue { get; } = [.. Lists.GetProperty("catalogue").EnumerateArray().Select(id => id.GetString()!)];

    /// <summary>Of the catalogue, and why there is no reason for it.</summary>
    public static IReadOnlyDictionary<string, string> WithoutReason { get; } = Named("no reason");

    /// <summary>Reasons that nothing can bring about in a server, and why; their transcripts are written by hand.</summary>
    public static IReadOnlyDictionary<string, string> WithoutTest { get; } = Named("no test");

    private static IEnumerable<string> InTests(string pattern) => Directory
        .EnumerateFiles(Path.Combine(SourceTree.Root, "tests/Countersign.EndToEnd"), "*.cs", SearchOption.AllDirectories)
        .SelectMany(file => Regex.Matches(File.ReadAllText(file), pattern))
        .Select(match => match.Groups[1].Value);

    private static Dictionary<string, string> Named(string list) =>
        Lists.GetProperty(list).EnumerateObject().ToDictionary(entry => entry.Name, entry => entry.Value.GetString()!);

    [GeneratedRegex(@"public sealed record \w+(\([^{;]*?\))?\s*:\s*\w*Reason\b", RegexOptions.Singleline)]
    private static partial Regex ReasonType();

    [GeneratedRegex(@"public const string Name = ""([^""]+)"";")]
    private static partial Regex Name();
}

/// <param name="Ids">One, where all is well.</param>
internal sealed record ReasonSource(string File, string Text, IReadOnlyList<string> Ids);
