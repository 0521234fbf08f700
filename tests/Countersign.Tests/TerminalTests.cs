using Countersign.Commands;

namespace Countersign.Tests;

public sealed class TerminalTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_narrow_terminal_breaks_no_line(bool isRedirected)
    {
        var output = new StringWriter();
        Terminal.To(output, isRedirected).Write(string.Join(' ', Enumerable.Repeat("word", 100)), Terminal.Bad);
        output.ToString().ShouldNotContain("\n");
    }
}
