using System.Text.Json;
using System.Text.RegularExpressions;

namespace Countersign.Rules;

/// <summary>Reasons, their pages and their tests, as they are written down.</summary>
internal static partial class RefusalSources
{
    private static readonly JsonElement Lists =
        JsonDocument.Parse(File.ReadAllText(Path.Combine(SourceTree.Root, "tests/Countersign.Rules/refusals.json"))).RootElement;

    // Of the other groups some pages and tests are still being written.
    private static bool IsDone(string id) => id.Split('/')[0] is "chain" or "certificate" or "revocation"
        && id is not ("certificate/bad-signature" or "certificate/wrong-signature-type" or "certificate/message-too-large" or "certificate/unparsable"
            or "revocation/ocsp-revoked" or "revocation/ocsp-unknown" or "revocation/ocsp-failed" or "revocation/still-connected");

    /// <summary>Every file that has a reason in it.</summary>
    public static IReadOnlyList<ReasonSource> Reasons { get; } =
    [
        .. SourceTree.Sources("Countersign.Refusals")
            .Select(file => (File: Path.GetRelativePath(SourceTree.Root, file), Text: File.ReadAllText(file)))
            .Where(source => ReasonType().IsMatch(source.Text))
            .Select(source => new ReasonSource(source.File, source.Text, [.. Name().Matches(source.Text).Select(match => match.Groups[1].Value)]))
            .Where(source => source.Ids.All(IsDone)),
    ];

    public static IReadOnlyList<string> Ids { get; } = [.. Reasons.SelectMany(reason => reason.Ids).Order(StringComparer.Ordinal)];

    /// <summary>By id.</summary>
    public static IReadOnlyDictionary<string, string> Pages { get; } = Directory
        .EnumerateFiles(Path.Combine(SourceTree.Root, "docs/refusals"), "*.md", SearchOption.AllDirectories)
        .Where(file => Path.GetFileName(file) != "README.md")
        .ToDictionary(file => Path.GetRelativePath(Path.Combine(SourceTree.Root, "docs/refusals"), file)[..^3], File.ReadAllText)
        .Where(page => IsDone(page.Key)).ToDictionary();

    /// <summary>Ids of tests that have the attribute, <c>Refuses</c> or <c>Innocent</c>.</summary>
    public static IReadOnlySet<string> Tested(string attribute) => Directory
        .EnumerateFiles(Path.Combine(SourceTree.Root, "tests/Countersign.EndToEnd"), "*.cs", SearchOption.AllDirectories)
        .SelectMany(file => Regex.Matches(File.ReadAllText(file), $@"[\[,]\s*{attribute}\(""([^""]+)""\)"))
        .Select(match => match.Groups[1].Value)
        .Where(IsDone)
        .ToHashSet();

    /// <summary>Every cause there is to tell apart.</summary>
    public static IReadOnlyList<string> Catalogue { get; } = [.. Lists.GetProperty("catalogue").EnumerateArray().Select(id => id.GetString()!).Where(IsDone)];

    /// <summary>Of the catalogue, and why there is no reason for it.</summary>
    public static IReadOnlyDictionary<string, string> WithoutReason { get; } = Named("no reason");

    /// <summary>Reasons that nothing can bring about in a server, and why.</summary>
    public static IReadOnlyDictionary<string, string> WithoutTest { get; } = Named("no test");

    private static Dictionary<string, string> Named(string list) =>
        Lists.GetProperty(list).EnumerateObject().ToDictionary(entry => entry.Name, entry => entry.Value.GetString()!);

    [GeneratedRegex(@"public sealed record \w+(\([^{;]*?\))?\s*:\s*Reason\b", RegexOptions.Singleline)]
    private static partial Regex ReasonType();

    [GeneratedRegex(@"public const string Name = ""([^""]+)"";")]
    private static partial Regex Name();
}

/// <param name="Ids">One, where all is well.</param>
internal sealed record ReasonSource(string File, string Text, IReadOnlyList<string> Ids);
