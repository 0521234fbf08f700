using Countersign.Configuration;

namespace Countersign.Lint;

/// <summary>
/// Something in the configuration of client certificates that works and is hardly meant. Of one rule, servers with the same text are one warning.
/// </summary>
/// <param name="Id"><c>lint/root-missing</c>; docs/lint has its page.</param>
/// <param name="Text">What is so and what follows from it, without the names of servers and without a place.</param>
/// <param name="Position">Where it can be mended.</param>
/// <param name="Advice">The next thing to do.</param>
/// <param name="Paste">Lines for the configuration or a shell; empty where none would be true.</param>
internal sealed record LintWarning(string Id, string Text, SourcePosition Position, string Advice, string Paste = "")
{
    public required IReadOnlyList<ServerPlan> Servers { get; init; }
}
