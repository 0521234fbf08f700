namespace Countersign.Rules;

public sealed class RefusalIndexRules
{
    private static readonly string Folder = Path.Combine(SourceTree.Root, "docs", "refusals");

    [Fact]
    public void The_index_has_every_page_with_its_first_sentence_and_no_other()
    {
        var rows = File.ReadAllLines(Path.Combine(Folder, "README.md")).Where(line => line.StartsWith("| [", StringComparison.Ordinal)).ToList();
        var pages = Directory.EnumerateFiles(Folder, "*.md", SearchOption.AllDirectories).Where(page => Path.GetFileName(page) != "README.md").Select(Row);
        rows.Order(StringComparer.Ordinal).ShouldBe(pages.Order(StringComparer.Ordinal));
    }

    /// <summary><c>| [id](id.md) | what stands between the title and the first section |</c></summary>
    private static string Row(string page)
    {
        var id = Path.ChangeExtension(Path.GetRelativePath(Folder, page), null).Replace(Path.DirectorySeparatorChar, '/');
        var lines = File.ReadAllLines(page);
        lines[0].ShouldBe($"# {id}");
        return $"| [{id}]({id}.md) | {string.Join(' ', lines.Skip(1).TakeWhile(line => !line.StartsWith('#')).Where(line => line.Length > 0))} |";
    }
}
