using System.Text.RegularExpressions;

namespace Countersign.Rules;

/// <summary>Every warning of <c>-t</c> is run, has a page, a test and a twin that must not have it.</summary>
public sealed partial class LintRules
{
    private static readonly IReadOnlyDictionary<string, string> Ids = ReadIds();

    private static readonly string Tests = string.Concat(
        Directory.EnumerateFiles(PathOf("tests", "Countersign.Tests", "Lint"), "*.cs").Select(File.ReadAllText));

    public static TheoryData<string> All() => [.. Ids.Keys.Order(StringComparer.Ordinal)];

    [Fact]
    public void There_are_warnings() => Ids.Count.ShouldBeGreaterThan(10);

    [Theory]
    [MemberData(nameof(All))]
    public void A_warning_is_looked_for(string id) =>
        File.ReadAllText(PathOf("src", "Countersign", "Lint", "Linter.cs")).ShouldContain($"new {Ids[id]}()");

    [Theory]
    [MemberData(nameof(All))]
    public void A_warning_has_a_test_and_an_innocent_twin(string id)
    {
        Tests.ShouldContain($"Warns(\"{id}\")");
        Tests.ShouldContain($"Quiet(\"{id}\")");
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_warning_has_a_page(string id)
    {
        var page = File.ReadAllText(PathOf("docs", id + ".md"));
        page.ShouldStartWith($"# {id}\n");
        foreach (var title in new[] { "What it means", "How we know", "Mend it on the gate", "What nginx says", "A transcript" })
        {
            page.ShouldContain($"\n## {title}\n");
        }
        page.ShouldContain($"({id},");
    }

    [Fact]
    public void A_transcript_is_what_one_test_was_told() => Regex.Matches(Tests, @"\.ShouldBeOnPage\(""([^""]+)""\)").Select(match => match.Groups[1].Value)
        .Order(StringComparer.Ordinal).ShouldBe(Ids.Keys.Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(All))]
    public void A_warning_is_in_the_guide(string id) =>
        File.ReadAllText(PathOf("docs", "guide", "lint.md")).ShouldContain($"| [{id}](../{id}.md) | ");

    [Fact]
    public void A_page_is_about_a_warning() =>
        Directory.EnumerateFiles(PathOf("docs", "lint"), "*.md").Select(path => "lint/" + Path.GetFileNameWithoutExtension(path))
            .Where(id => !Ids.ContainsKey(id)).ShouldBeEmpty();

    /// <summary>Ids and the types that have them.</summary>
    private static Dictionary<string, string> ReadIds() => SourceTree.Sources("Countersign")
        .Select(file => Identifier().Match(File.ReadAllText(file)))
        .Where(match => match.Success)
        .ToDictionary(match => match.Groups["id"].Value, match => match.Groups["type"].Value);

    private static string PathOf(params string[] parts) => Path.Combine([SourceTree.Root, .. parts]);

    [GeneratedRegex(@"class (?<type>\w+) : LintRule\b.*?Id => ""(?<id>[^""]+)""", RegexOptions.Singleline)]
    private static partial Regex Identifier();
}
