using Countersign.Refusals;
using Spectre.Console;

namespace Countersign.Commands.Incidents;

/// <summary>Refusals on a terminal: the id in colour where the terminal wants it, and no line broken, since some are there to be pasted.</summary>
internal sealed class RefusalPrinter(IAnsiConsole console)
{
    private static readonly Style Bold = new(decoration: Decoration.Bold);

    public static RefusalPrinter ForTerminal()
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings());
        if (Console.IsOutputRedirected)
        {
            console.Profile.Width = 4096;
        }
        return new RefusalPrinter(console);
    }

    /// <summary>Everything that is known of it.</summary>
    public void WriteWhole(RefusalEntry entry) => Write(RefusalText.Of(entry).TrimEnd('\n'), entry);

    /// <summary>One line.</summary>
    public void WriteLine(RefusalEntry entry) => Write(RefusalLine.Of(entry), entry);

    public void WriteLine(string text) => console.Profile.Out.Writer.WriteLine(text);

    private void Write(string text, RefusalEntry entry)
    {
        var writer = console.Profile.Out.Writer;
        var at = text.IndexOf(entry.Id, StringComparison.Ordinal);
        if (at >= 0 && entry.Id.Length > 0)
        {
            writer.Write(text[..at]);
            writer.Flush();
            console.Write(entry.Id, StyleOf(entry));
            text = text[(at + entry.Id.Length)..];
        }
        writer.WriteLine(text);
        writer.Flush();
    }

    private static Style StyleOf(RefusalEntry entry) => entry.Blame switch
    {
        "operator" or "authority" => new Style(Color.Red, decoration: Decoration.Bold),
        "client" or "network" => new Style(Color.Yellow, decoration: Decoration.Bold),
        _ => Bold,
    };
}
