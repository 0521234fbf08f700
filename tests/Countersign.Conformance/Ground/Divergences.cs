using System.Text.Json;

namespace Countersign.Conformance;

/// <summary>divergences.json: the name of a case, and why Countersign differs there from Debian's nginx on purpose.</summary>
public static class Divergences
{
    public static IReadOnlyDictionary<string, string> All { get; } =
        JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "divergences.json")))!;

    public static string? ReasonOf(string name) => All.GetValueOrDefault(name);
}
