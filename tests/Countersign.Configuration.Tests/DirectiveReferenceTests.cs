namespace Countersign.Configuration.Tests;

public sealed class DirectiveReferenceTests
{
    [Fact]
    public void The_page_about_directives_says_what_the_tables_say()
    {
        var path = Repository.PathOf("docs", "directives.md");
        if (Environment.GetEnvironmentVariable("UPDATE_DOCS") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, DirectiveReference.Markdown());
        }

        File.ReadAllText(path).ShouldBe(DirectiveReference.Markdown(), "Run the tests once with UPDATE_DOCS=1.");
    }
}
