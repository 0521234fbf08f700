using System.Text;
using Countersign.Refusals;

namespace Countersign.Commands.Incidents;

/// <summary>One refusal by its incident: the gate has the last ones whole, the files have longer memories.</summary>
internal static class IncidentFinder
{
    /// <param name="id">The incident, its first digits, or <c>last</c>.</param>
    /// <exception cref="IncidentException">It is not kept, or not any more.</exception>
    public static RefusalEntry Read(string id, RefusalSource source) => RefusalJsonReader.Read(Encoding.UTF8.GetBytes(Find(id, source)))!;

    /// <summary>The same as the line of JSON that it is kept as.</summary>
    public static string Find(string id, RefusalSource source)
    {
        if (id != "last" && !(id.Length is > 0 and <= 64 && id.All(char.IsAsciiHexDigitLower)))
        {
            throw new IncidentException($"\"{id}\" is no incident: they have 16 hexadecimal digits", $"countersign tail{source.Selection}");
        }
        var line = FromGate(id, source, out var fault) ?? FromFiles(id, source);
        return line ?? throw fault ?? new IncidentException(
                $"incident {id} is not kept: the gate has the last ones in memory (refusal_ledger), and the refusal log has no line of it",
                $"zgrep {id} {(source.Files is [.., var log] ? log + "*" : "/var/log/nginx/refusal.log*")}");
    }

    private static string? FromGate(string id, RefusalSource source, out IncidentException? fault)
    {
        fault = null;
        try
        {
            using var gate = GateSocket.Ask(source, $"incident {id}", $"countersign incident {id}{source.Selection}");
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
