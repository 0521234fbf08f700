using Spectre.Console;

namespace Countersign.Commands;

/// <summary>Text on standard output: some words in colour where the terminal wants it, and no line broken, since some are there to be pasted.</summary>
internal sealed class Terminal(IAnsiConsole console)
{
    private const int Unbroken = 4096;

    public static readonly Style Bold = new(decoration: Decoration.Bold);
    public static readonly Style Good = new(Color.Green, decoration: Decoration.Bold);
    public static readonly Style Bad = new(Color.Red, decoration: Decoration.Bold);
    public static readonly Style Doubtful = new(Color.Yellow, decoration: Decoration.Bold);

    public static Terminal ForOutput() => To(Console.Out, Console.IsOutputRedirected);

    public static Terminal To(TextWriter writer, bool isRedirected)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = isRedirected ? AnsiSupport.No : AnsiSupport.Detect,
            Out = new AnsiConsoleOutput(writer),
        });
        console.Profile.Width = Unbroken;
        return new Terminal(console);
    }

    public void WriteLine(string text)
    {
        Write(text);
        Write("\n");
    }

    public void Write(string text)
    {
        console.Profile.Out.Writer.Write(text);
        console.Profile.Out.Writer.Flush();
    }

    public void Write(string word, Style style) => console.Write(word, style);
}
