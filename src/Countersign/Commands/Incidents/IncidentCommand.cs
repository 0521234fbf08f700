using System.CommandLine;
using System.Text;
using Countersign.Refusals;

namespace Countersign.Commands.Incidents;

/// <summary><c>countersign incident ID</c>: all that is kept of one refusal, by the number that its client was shown.</summary>
internal static class IncidentCommand
{
    public static Command Create()
    {
        var id = new Argument<string>("id") { Description = "the incident, its first digits, or \"last\"" };
        var (file, prefix) = RefusalSource.Options();
        var json = new Option<bool>("--json") { Description = "print one line of JSON (docs/refusal-log.md)" };
        var command = new Command("incident", "Print one refusal in full: the reason, the evidence, the advice and the certificates that were sent") { id, file, prefix, json };
        command.SetAction(parsed => Run(
            parsed.GetValue(id)!.ToLowerInvariant(), RefusalSource.Of(parsed.GetValue(file), parsed.GetValue(prefix)), parsed.GetValue(json)));
        return command;
    }

    /// <returns>0.</returns>
    /// <exception cref="IncidentException">It is not kept, or not any more.</exception>
    internal static int Run(string id, RefusalSource source, bool json)
    {
        var line = IncidentFinder.Find(id, source);
        if (json)
        {
            Console.Out.WriteLine(line);
        }
        else
        {
            RefusalPrinter.ForTerminal().WriteWhole(RefusalJsonReader.Read(Encoding.UTF8.GetBytes(line))!);
        }
        return 0;
    }
}
