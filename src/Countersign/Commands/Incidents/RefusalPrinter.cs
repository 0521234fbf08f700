using Countersign.Refusals;
using Spectre.Console;

namespace Countersign.Commands.Incidents;

/// <summary>Refusals on a terminal, with the id in colour.</summary>
internal sealed class RefusalPrinter(Terminal terminal)
{
    public static RefusalPrinter ForTerminal() => new(Terminal.ForOutput());

    /// <summary>Everything that is known of it.</summary>
    public void WriteWhole(RefusalEntry entry) => Write(RefusalText.Of(entry).TrimEnd('\n'), entry);

    /// <summary>One line.</summary>
    public void WriteLine(RefusalEntry entry) => Write(RefusalLine.Of(entry), entry);

    public void WriteLine(string text) => terminal.WriteLine(text);

    private void Write(string text, RefusalEntry entry)
    {
        var at = text.IndexOf(entry.Id, StringComparison.Ordinal);
        if (at >= 0 && entry.Id.Length > 0)
        {
            terminal.Write(text[..at]);
            terminal.Write(entry.Id, StyleOf(entry));
            text = text[(at + entry.Id.Length)..];
        }
        terminal.WriteLine(text);
    }

    private static Style StyleOf(RefusalEntry entry) => entry.Blame switch
    {
        "operator" or "authority" => Terminal.Bad,
        "client" or "network" => Terminal.Doubtful,
        _ => Terminal.Bold,
    };
}
