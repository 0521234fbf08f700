using System.Globalization;
using Countersign.Refusals;
using Spectre.Console;

namespace Countersign.Commands.Demo;

/// <summary>The demonstration as text: aligned, wrapped on a terminal, coloured where the terminal wants it.</summary>
internal sealed class DemoReport(IAnsiConsole console)
{
    private const string Margin = "        ";
    private const int LabelWidth = 15;

    private static readonly Style Plain = Style.Plain;
    private static readonly Style Bold = new(decoration: Decoration.Bold);
    private static readonly Style Dim = new(decoration: Decoration.Dim);
    private static readonly Style Good = new(Color.Green, decoration: Decoration.Bold);
    private static readonly Style Bad = new(Color.Red, decoration: Decoration.Bold);
    private static readonly Style Refusal = new(Color.Yellow);

    private static readonly int NameWidth = DemoCases.All.Max(one => one.Name.Length);

    public void WriteStart(string program, DemoStage stage)
    {
        Line(("countersign demo", Bold));
        Block("gate", $"{program} on 127.0.0.1:{stage.Ports.First} and :{stage.Ports.Second}", Plain);
        Block("configuration", stage.Folder.File("nginx.conf"), Plain);
        Line();
    }

    public void Write(DemoOutcome outcome)
    {
        var isGood = outcome.IsAsExpected;
        var mark = isGood ? ("  ok    ", Good) : ("  WRONG ", Bad);
        Hang([mark, (outcome.Case.Name.PadRight(NameWidth + 2), Bold)], outcome.Case.Story, Plain);
        Block("client sees", Seen(outcome.Sight), outcome.Case.Expected.IsRefusal ? Refusal : Good);
        if (outcome.LogLine is { } line)
        {
            Block("log says", WithoutContext(line), Plain);
        }
        if (outcome.Refusal is { } refusal)
        {
            WriteReason(refusal);
        }
        foreach (var request in outcome.Backend)
        {
            Block("backend gets", $"X-SSL-Verify: {request.Verify}, X-SSL-Serial: {request.Serial}", Dim);
        }
        foreach (var deviation in outcome.Deviations)
        {
            Block("but", deviation, Bad);
        }
        Line();
    }

    public void WriteEnd(IReadOnlyList<DemoOutcome> outcomes)
    {
        var wrong = outcomes.Count(outcome => !outcome.IsAsExpected);
        var refused = outcomes.Count(outcome => outcome.Case.Expected.IsRefusal);
        var text = string.Create(CultureInfo.InvariantCulture, $"{outcomes.Count} clients, {outcomes.Count - refused} to be let in and {refused} to be refused: ");
        Line((text, Bold), wrong == 0
            ? ("each went as it should", Good)
            : (string.Create(CultureInfo.InvariantCulture, $"{wrong} did not go as {(wrong == 1 ? "it" : "they")} should"), Bad));
    }

    /// <param name="gate">The other server that was driven; null for this one.</param>
    public void WriteNext(string? gate) =>
        Line(($"To try it by hand, at a gate that stays open: countersign demo --stay{(gate is null ? "" : $" --gate {ShellWord.Of(gate)}")}", Plain));

    public void WriteSuggestions(IReadOnlyList<DemoSuggestion> suggestions)
    {
        Line();
        Line(("The gate stays open. Try, in another terminal:", Bold));
        foreach (var suggestion in suggestions)
        {
            Line();
            Line(("  # " + suggestion.About, Dim));
            // The console would break the line at its width, and it is there to be copied.
            console.Profile.Out.Writer.WriteLine("  " + suggestion.Command);
        }
        Line();
        Line(("Ctrl-C ends it and removes its files.", Bold));
    }

    /// <summary>What nginx's line says: <c>[info] client sent ...</c>, without date, process and connection before it and the request behind it.</summary>
    internal static string WithoutContext(string line)
    {
        var context = line.IndexOf(", client: ", StringComparison.Ordinal);
        line = context < 0 ? line : line[..context];
        var level = line.IndexOf('[', StringComparison.Ordinal);
        var end = line.IndexOf("] ", StringComparison.Ordinal);
        if (level < 0 || end < level)
        {
            return line;
        }
        var words = line[(end + 2)..].Split(' ');
        var message = words.SkipWhile(word => word.EndsWith(':') && char.IsAsciiDigit(word[0]) || word.StartsWith('*'));
        return $"{line[level..(end + 1)]} {string.Join(' ', message)}";
    }

    private static string Seen(DemoSight sight) => sight switch
    {
        { Status: { } status } => $"{status.ToString(CultureInfo.InvariantCulture)} {sight.Title}".TrimEnd(),
        { Alert: { } alert } => $"TLS alert {alert.ToString(CultureInfo.InvariantCulture)} ({AlertName.Of(alert)})",
        _ => sight.Failure ?? "nothing",
    };

    /// <summary>The reason, and the advice that helps most; what is to be pasted has lines of its own that are never broken.</summary>
    private void WriteReason(RefusalEntry refusal)
    {
        var who = refusal.Blame == "nobody" ? "nobody" : "the " + SafeText.Of(refusal.Blame);
        Line((Label("reason"), Plain), (SafeText.Of(refusal.Id), Refusal), ($", up to {who} ({SafeText.Of(refusal.Confidence)})", Plain));
        Block("", SafeText.Of(refusal.Message), Plain);
        if (refusal.Advice is not [var advice, ..])
        {
            return;
        }
        Block("to mend", $"{SafeText.Of(advice.For)}: {SafeText.Of(advice.Text)}", Plain);
        foreach (var line in (advice.Paste ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            console.Profile.Out.Writer.WriteLine(Label("") + "  " + SafeText.Of(line));
        }
    }

    private void Block(string label, string text, Style style) => Hang([(Label(label), Plain)], text, style);

    private static string Label(string label) => Margin + label.PadRight(LabelWidth);

    /// <summary>The text beside its head, its further lines below its first.</summary>
    private void Hang((string Text, Style Style)[] head, string text, Style style)
    {
        var indent = head.Sum(part => part.Text.Length);
        var lines = Wrap(text, Math.Max(console.Profile.Width - indent - 1, 20));
        Line([.. head, (lines[0], style)]);
        foreach (var line in lines[1..])
        {
            Line((new string(' ', indent), Plain), (line, style));
        }
    }

    /// <summary>Breaks at spaces; a longer word stands alone on its line.</summary>
    internal static string[] Wrap(string text, int width)
    {
        var lines = new List<string> { "" };
        foreach (var word in text.Split(' '))
        {
            if (lines[^1] is { Length: > 0 } line && line.Length + 1 + word.Length > width)
            {
                lines.Add("");
            }
            lines[^1] += lines[^1].Length == 0 ? word : " " + word;
        }
        return [.. lines];
    }

    private void Line(params ReadOnlySpan<(string Text, Style Style)> parts)
    {
        foreach (var (text, style) in parts)
        {
            console.Write(text, style);
        }
        console.WriteLine();
    }
}
