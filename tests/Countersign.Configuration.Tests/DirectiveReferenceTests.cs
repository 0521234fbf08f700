using Countersign.Testing;

namespace Countersign.Configuration.Tests;

public sealed class DirectiveReferenceTests
{
    [Fact]
    public void The_page_about_directives_says_what_the_tables_say()
    {
        var page = DirectiveReference.Markdown();
        new MeasuredPage("directives.md").TextAfter(page).ShouldBe(page, MeasuredPage.Advice);
    }
}
