using Countersign.Commands;

namespace Countersign.Tests;

public sealed class VerbsTests
{
    [Fact]
    public void The_help_has_every_word()
    {
        foreach (var word in Verbs.Words)
        {
            ProgramVersion.Help.ShouldContain($"       countersign {word} ");
        }
    }

    [Fact]
    public void A_file_that_is_here_and_not_below_the_prefix_is_the_one_meant()
    {
        using var folder = new TemporaryFolder();
        var here = folder.Write("nginx.conf", "");
        var from = Path.GetRelativePath(Directory.GetCurrentDirectory(), here);
        ConfigurationFile.Arguments(from, folder.Path + "/none").File.ShouldBe(here);
        ConfigurationFile.Arguments("nginx.conf", folder.Path).File.ShouldBe(here, "as nginx");
        ConfigurationFile.Arguments("none.conf", folder.Path).File.ShouldBe($"{folder.Path}/none.conf");
    }
}
