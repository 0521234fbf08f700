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
        command.SetAction(parsed => IncidentException.Guard(() => Run(
            parsed.GetValue(id)!.ToLowerInvariant(), RefusalSource.Of(parsed.GetValue(file), parsed.GetValue(prefix)), parsed.GetValue(json))));
        return command;
    }

    /// <returns>0.</returns>
    /// <exception cref="IncidentException">It is not kept, or not any more.</exception>
    internal static int Run(string id, RefusalSource source, bool json)
    {
        if (id != "last" && !(id.Length is > 0 and <= 64 && id.All(char.IsAsciiHexDigitLower)))
        {
            throw new IncidentException($"\"{id}\" is no incident: they have 16 hexadecimal digits", $"countersign tail -c {source.File}");
        }
        var line = FromGate(id, source, out var fault) ?? FromFiles(id, source);
        if (line is null)
        {
            throw fault ?? new IncidentException(
                $"incident {id} is not kept: the gate has the last ones in memory (refusal_ledger), and the refusal log has no line of it",
                $"zgrep {id} {(source.Files is [.., var log] ? log + "*" : "/var/log/nginx/refusal.log*")}");
        }
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

    private static string? FromGate(string id, RefusalSource source, out IncidentException? fault)
    {
        fault = null;
        try
        {
            using var gate = GateSocket.Ask(source, $"incident {id}", $"countersign incident {id} -c {source.File}");
            return gate.ReadLine() is { } line && IsRefusal(line) ? line : null;
        }
        catch (IncidentException unanswered)
        {
            fault = unanswered;
            return null;
        }
    }

    /// <summary>A gate that has ended since, or has forgotten it: the files have longer memories. The latest line wins.</summary>
    private static string? FromFiles(string id, RefusalSource source)
    {
        var mark = id == "last" ? "\"incident\":\"" : $"\"incident\":\"{id}";
        foreach (var file in source.Files)
        {
            try
            {
                if (File.ReadLines(file).LastOrDefault(line => line.Contains(mark, StringComparison.Ordinal) && IsRefusal(line)) is { } line)
                {
                    return line;
                }
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                // Another file, or the gate, may still have it.
            }
        }
        return null;
    }

    private static bool IsRefusal(string line) => RefusalJsonReader.Read(Encoding.UTF8.GetBytes(line)) is { Id.Length: > 0 };
}
