using Countersign.Configuration.Lex;

namespace Countersign.Configuration.Parse;

/// <summary>
/// A directive as it stands in a file, or (with <see cref="Problem"/>) the place where the text could not be read:
/// it keeps its place in the tree so that problems come out in nginx's order.
/// </summary>
internal sealed class DirectiveNode
{
    public required IReadOnlyList<Token> Words { get; init; }
    public required string File { get; init; }
    /// <summary>Line and column where the statement ends; nginx names this line.</summary>
    public required int EndLine { get; init; }
    public required int EndColumn { get; init; }
    /// <summary>Null without a block.</summary>
    public IReadOnlyList<DirectiveNode>? Block { get; init; }
    /// <summary>Where the block's closing brace stands.</summary>
    public SourcePosition? BlockEnd { get; init; }
    public ConfigurationProblem? Problem { get; init; }

    public string Name => Words[0].Text;
    public int ArgumentCount => Words.Count - 1;
    public bool HasBlock => Block is not null;

    /// <summary>The place nginx names: the line where the directive ends, at the name when it stands on that line.</summary>
    public SourcePosition Position => Words.Count > 0 && Words[0].Line == EndLine
        ? new SourcePosition(File, EndLine, Words[0].Column)
        : new SourcePosition(File, EndLine, EndColumn);

    public SourcePosition PositionOf(int word) => new(File, Words[word].Line, Words[word].Column);
}
