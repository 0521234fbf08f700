using System.Globalization;
using Countersign.Refusals;

namespace Countersign.Commands.Explain;

/// <summary>A verdict for a terminal: a refusal as <c>countersign incident</c> prints it, and of a client that is let in the path and how long it holds.</summary>
internal sealed class ExplainPrinter(Terminal terminal)
{
    public void Write(Verdict verdict, Verdict? withLists)
    {
        if (verdict is RefusedVerdict refused)
        {
            terminal.Write("refused", Terminal.Bad);
            terminal.WriteLine($"  {RefusalText.Of(refused.Refusal).TrimEnd('\n')}");
        }
        else if (verdict is AcceptedVerdict accepted)
        {
            Write(accepted);
        }
        if (withLists is not null)
        {
            terminal.WriteLine($"\n  {SafeText.Of(WithLists(verdict, withLists))}");
        }
    }

    /// <summary>What the revocation lists change.</summary>
    public static string WithLists(Verdict without, Verdict with) => (without, with) switch
    {
        (AcceptedVerdict, RefusedVerdict refused) => $"Only the revocation lists refuse: with them it is {refused.Refusal.Reason.Id}, {refused.Refusal.Reason.Message}",
        (RefusedVerdict first, RefusedVerdict second) when first.Refusal.Reason.Id != second.Refusal.Reason.Id =>
            $"With the revocation lists it is {second.Refusal.Reason.Id}, and without them the client is refused all the same",
        (RefusedVerdict, _) => "With the revocation lists it is the same",
        _ => "With the revocation lists the client is let in as well",
    };

    private void Write(AcceptedVerdict accepted)
    {
        terminal.Write("accepted", Terminal.Good);
        terminal.WriteLine($"  {SafeText.Of(accepted.Server)}  {Evidence.Text(accepted.Time)}\n\n  {SafeText.Of(accepted.Why)}");
        terminal.WriteLine($"\n  backend sees   $ssl_client_verify {SafeText.Of(accepted.Verify)}");
        if (accepted.Path is not { } path)
        {
            return;
        }
        terminal.WriteLine("\n  Path");
        var width = Math.Min(64, path.Steps.Max(step => step.Certificate.Subject.ToString().Length));
        var place = Math.Min(64, path.Steps.Max(step => step.Source.Length));
        foreach (var step in path.Steps)
        {
            terminal.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"    depth {step.Depth}  {SafeText.Of(step.Certificate.Subject.ToString()).PadRight(width)}  {SafeText.Of(step.Source).PadRight(place)}  {(step.IsSent ? "sent  " : "      ")}  {Until(step.Certificate.NotAfter, path.Now)}"));
            if (step.List is { } list)
            {
                terminal.WriteLine($"             not on the list of \"{SafeText.Of(list.Issuer.ToString())}\" in {SafeText.Of(list.File)}, {(list.NextUpdate is { } end ? Until(end, path.Now) : "without an end")}");
            }
        }
        terminal.WriteLine($"\n  Holds until {Evidence.Text(path.Horizon.Moment)}, {Span.Of(path.Horizon.Moment - path.Now)}: then {SafeText.Of(path.Horizon.What)} ends");
        if (path.Soon is { Count: > 0 } soon)
        {
            terminal.Write("\n  Ends within 30 days\n", Terminal.Doubtful);
            foreach (var ending in soon)
            {
                terminal.WriteLine($"    {Evidence.Text(ending.Moment)}  {Span.Of(ending.Moment - path.Now).PadRight(10)}  {SafeText.Of(ending.What)}");
            }
        }
    }

    private static string Until(DateTimeOffset end, DateTimeOffset now) => $"until {Evidence.Text(end)}, {Span.Of(end - now)}";
}
