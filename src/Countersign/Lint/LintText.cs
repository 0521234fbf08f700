using Countersign.Configuration;
using Countersign.Refusals;

namespace Countersign.Lint;

/// <summary>Warnings as the other problems of a configuration, and the phrases that they share.</summary>
internal static class LintText
{
    /// <summary>Things of a kind that one line names.</summary>
    public const int Most = 5;

    /// <summary>nginx's one line with the id in it, and the advice with what may be pasted below it.</summary>
    public static ConfigurationProblem Problem(LintWarning warning)
    {
        var paste = string.Concat(warning.Paste.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => $"\n      {line}"));
        return new ConfigurationProblem(
            warning.Id, ProblemLevel.Warning, ByteText.FromUnicode($"{warning.Text} ({warning.Id}, {Servers(warning.Servers)})"), warning.Position, warning.Advice + paste);
    }

    /// <summary>Text of the configuration, as people read it.</summary>
    public static string Of(string bytes) => ByteText.ToUnicode(bytes);

    /// <summary>Subjects, each with its place in the file.</summary>
    public static string Subjects(IEnumerable<BundleEntry> entries) => List(entries.Select(entry => $"\"{entry.Certificate!.Subject}\" (certificate {entry.Item.Number})"));

    public static string List(IEnumerable<string> items)
    {
        var all = items.ToList();
        return all.Count > Most ? $"{string.Join(", ", all.Take(Most))} and {all.Count - Most} more"
            : all.Count > 1 ? $"{string.Join(", ", all.SkipLast(1))} and {all[^1]}" : string.Concat(all);
    }

    private static string Servers(IReadOnlyList<ServerPlan> servers) =>
        (servers.Count == 1 ? "server " : "servers ") + List(servers.Select(server => $"\"{Of(server.Name.Length == 0 ? "_" : server.Name)}\""));
}
