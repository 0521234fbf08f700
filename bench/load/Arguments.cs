using System.Globalization;

namespace Countersign.Load;

/// <summary><c>--name value</c> pairs; a name may come several times.</summary>
internal sealed class Arguments
{
    private readonly List<(string Name, string Value)> _values = [];

    /// <exception cref="FormatException">An argument is no pair, or its name is none of <paramref name="known"/>.</exception>
    public Arguments(ReadOnlySpan<string> words, params string[] known)
    {
        for (var i = 0; i < words.Length; i += 2)
        {
            if (!words[i].StartsWith("--", StringComparison.Ordinal) || !known.Contains(words[i][2..]) || i + 1 == words.Length)
            {
                throw new FormatException($"\"{words[i]}\": expected {string.Join(" ", known.Select(name => $"[--{name} VALUE]"))}");
            }
            _values.Add((words[i][2..], words[i + 1]));
        }
    }

    public IReadOnlyList<string> All(string name) => [.. _values.Where(pair => pair.Name == name).Select(pair => pair.Value)];

    public string Text(string name, string? otherwise = null) =>
        All(name).LastOrDefault() ?? otherwise ?? throw new FormatException($"--{name} is missing");

    public int Number(string name, int? otherwise = null) =>
        int.TryParse(Text(name, otherwise?.ToString(CultureInfo.InvariantCulture)), CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new FormatException($"--{name}: not a number");
}
