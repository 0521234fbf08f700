namespace Countersign.Configuration;

public enum ProblemLevel { Warning, Notice, Error }

/// <summary>Something in a configuration that stops it, or that its author should know.</summary>
/// <param name="Id">Stable, lower case with dashes: <c>unknown-directive</c>.</param>
/// <param name="Level">An <see cref="ProblemLevel.Error"/> stops the start.</param>
/// <param name="Text">nginx's own words where it has any, without the position: <c>unknown directive "foo"</c>.</param>
/// <param name="Position">Where, or null when it is about no place in a file.</param>
/// <param name="Advice">What to type or change, or null.</param>
public sealed record ConfigurationProblem(string Id, ProblemLevel Level, string Text, SourcePosition? Position, string? Advice = null)
{
    /// <summary>The very word that is wrong; <see cref="Position"/> is on the line nginx names, where the directive ends.</summary>
    public SourcePosition? Word { get; init; }

    /// <summary>False where nginx's own line names no place: the position is known here all the same.</summary>
    public bool NginxNamesPlace { get; init; } = true;

    /// <summary>nginx comes to it after the certificates of the server have been read: there is a plan all the same, and serving it fails.</summary>
    public bool IsAfterFiles { get; init; }
}

/// <summary>A place in a file; line and column count from 1, the column in bytes.</summary>
public sealed record SourcePosition(string File, int Line, int Column);
