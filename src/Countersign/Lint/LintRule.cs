namespace Countersign.Lint;

/// <summary>One id and what it looks for.</summary>
internal abstract class LintRule
{
    /// <summary><c>lint/root-missing</c>.</summary>
    public abstract string Id { get; }

    public abstract IEnumerable<LintWarning> Check(LintCase lint);
}
