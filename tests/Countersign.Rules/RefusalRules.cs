using System.Text.RegularExpressions;

namespace Countersign.Rules;

/// <summary>No refusal without a name, a page, a fact, and a test that brings it about beside one that must not.</summary>
public sealed partial class RefusalRules
{
    private static readonly string[] Sections =
        ["## What it means", "## How we know", "## Mend it on the client", "## Mend it on the gate", "## What nginx says", "## A transcript"];

    [Fact]
    public void A_reason_has_one_id_and_says_it() =>
        RefusalSources.Reasons.Where(reason => reason.Ids.Count != 1 || !reason.Text.Contains("override string Id => Name;", StringComparison.Ordinal))
            .Select(reason => reason.File).ShouldBeEmpty();

    [Fact]
    public void No_two_reasons_share_an_id() =>
        RefusalSources.Ids.GroupBy(id => id).Where(group => group.Count() > 1).Select(group => group.Key).ShouldBeEmpty();

    [Fact]
    public void An_id_begins_with_the_folder_of_its_reason() =>
        RefusalSources.Reasons.Where(reason => !reason.Ids.All(id => id.StartsWith(Folder(reason.File) + "/", StringComparison.Ordinal)))
            .Select(reason => reason.File).ShouldBeEmpty();

    [Fact]
    public void A_reason_rests_on_a_fact() =>
        RefusalSources.Reasons.Where(reason => !Fact().IsMatch(reason.Text)).Select(reason => reason.File).ShouldBeEmpty();

    [Fact]
    public void Every_id_has_a_page() => RefusalSources.Ids.Except(RefusalSources.Pages.Keys).ShouldBeEmpty();

    [Fact]
    public void Every_page_has_an_id() => RefusalSources.Pages.Keys.Except(RefusalSources.Ids).ShouldBeEmpty();

    [Fact]
    public void A_page_has_its_title_and_every_section() =>
        RefusalSources.Pages.Where(page => !page.Value.StartsWith($"# {page.Key}\n", StringComparison.Ordinal) || !Sections.All(page.Value.Contains))
            .Select(page => page.Key).ShouldBeEmpty();

    [Fact]
    public void A_transcript_is_of_its_own_id() =>
        RefusalSources.Pages.Where(page => !page.Value.Contains($"\n{page.Key}  incident ", StringComparison.Ordinal)).Select(page => page.Key).ShouldBeEmpty();

    /// <summary>Where nothing brings the refusal about, the page shows what it would be.</summary>
    [Fact]
    public void A_transcript_is_what_one_test_brought_about() =>
        RefusalSources.Transcripts.Order(StringComparer.Ordinal).ShouldBe(RefusalSources.Ids.Except(RefusalSources.WithoutTest.Keys));

    [Fact]
    public void Every_id_is_brought_about_by_a_test() =>
        RefusalSources.Ids.Except(RefusalSources.Tested("Refuses")).Except(RefusalSources.WithoutTest.Keys).ShouldBeEmpty();

    [Fact]
    public void Every_id_has_an_innocent_twin() =>
        RefusalSources.Ids.Except(RefusalSources.Tested("Innocent")).Except(RefusalSources.WithoutTest.Keys).ShouldBeEmpty();

    [Fact]
    public void A_test_names_only_ids_that_there_are() =>
        RefusalSources.Tested("Refuses").Union(RefusalSources.Tested("Innocent")).Except(RefusalSources.Ids).ShouldBeEmpty();

    /// <summary>What is said to be impossible is not tested, and whoever reads the page is told, too.</summary>
    [Fact]
    public void What_nothing_brings_about_is_said_on_its_page()
    {
        RefusalSources.WithoutTest.Keys.Intersect(RefusalSources.Tested("Refuses")).ShouldBeEmpty();
        RefusalSources.WithoutTest.Where(entry => !Words(RefusalSources.Pages.GetValueOrDefault(entry.Key, "")).Contains(Words(entry.Value), StringComparison.Ordinal))
            .Select(entry => entry.Key).ShouldBeEmpty();
    }

    [Fact]
    public void The_catalogue_is_complete() =>
        RefusalSources.Catalogue.Except(RefusalSources.Ids).Except(RefusalSources.WithoutReason.Keys).ShouldBeEmpty();

    [Fact]
    public void No_cause_is_both_there_and_excused() => RefusalSources.WithoutReason.Keys.Intersect(RefusalSources.Ids).ShouldBeEmpty();

    private static string Folder(string file) => string.Join('-', Capital().Split(Path.GetFileName(Path.GetDirectoryName(file)!)).Where(part => part.Length > 0)).ToLowerInvariant();

    // Pages are broken into lines.
    private static string Words(string text) => Regex.Replace(text.Replace("`", ""), @"\s+", " ");

    [GeneratedRegex(@"(Describe|Explain)\(Evidence evidence\)[^;]*?\.Add\(", RegexOptions.Singleline)]
    private static partial Regex Fact();

    [GeneratedRegex("(?=[A-Z])")]
    private static partial Regex Capital();
}
