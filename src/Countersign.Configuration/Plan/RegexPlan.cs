using System.Text.RegularExpressions;

namespace Countersign.Configuration;

/// <summary>
/// A regular expression of the configuration. Subject text is Latin-1 (one char, one byte), as PCRE sees it without UTF.
/// Matching is bounded in time: a pattern that runs away raises <see cref="RegexMatchTimeoutException"/>.
/// </summary>
public sealed class RegexPlan
{
    public required string Source { get; init; }
    public required bool IgnoreCase { get; init; }
    public required Regex Expression
    {
        get;
        init
        {
            field = value;
            HasGroups = value.GetGroupNumbers().Length > 1;
        }
    }
    /// <summary>Something is captured: a match is of interest, not only that there is one.</summary>
    public bool HasGroups { get; private init; }
    /// <summary>Named groups: which group's text goes to which variable (index into <see cref="VariableTable.Names"/>).</summary>
    public required IReadOnlyList<(int Group, int Variable)> NamedGroups { get; init; }
}
