using System.Text;
using System.Text.RegularExpressions;
using Countersign.Configuration.Lex;

namespace Countersign.Fuzz.Targets;

/// <summary>nginx's words beside patterns for one word at a time; what was read, written down again and read again, is the same.</summary>
public sealed partial class ConfigurationWords : FuzzTarget
{
    public override string Name => "ConfigurationWords";

    public override IReadOnlyList<string> Dictionary { get; } =
        [";", "{", "}", " ", "\n", "\r\n", "\t", "\"", "'", "\\", "\\n", "\\\"", "$", "${", "${{", "${a}", "#", "# c\n", ")", "\")", "a", "if ($a = \"b\") {", "\0", "\u00e9"];

    public override void Try(byte[] input)
    {
        var text = Encoding.Latin1.GetString(input);
        var statements = All(text);
        Compare(statements, Expected(text));
        var lines = text.Split('\n');
        foreach (var statement in statements)
        {
            StandsIn(lines, statement.Line, statement.Column);
            statement.Words.ShouldAllBe(word => StandsIn(lines, word.Line, word.Column));
            (statement.Kind == StatementKind.Malformed).ShouldBe(statement.Problem is not null);
        }
        var read = Summary(statements.Where(statement => statement.Kind != StatementKind.Malformed));
        Summary(All(Written(statements))).ShouldBe(read, "written down and read again");
    }

    private static List<Statement> All(string text)
    {
        var lexer = new Lexer(text);
        var statements = new List<Statement>();
        do
        {
            statements.Add(lexer.Next());
            statements.Count.ShouldBeLessThanOrEqualTo(text.Length + 1, "the lexer stands still");
        }
        while (statements[^1].Kind != StatementKind.EndOfFile && !IsEnd(statements[^1]));
        return statements;
    }

    private static bool IsEnd(Statement statement) => statement.Problem?.StartsWith("unexpected end of file", StringComparison.Ordinal) ?? false;

    private static bool StandsIn(string[] lines, int line, int column)
    {
        line.ShouldBeInRange(1, lines.Length);
        column.ShouldBeInRange(1, lines[line - 1].Length + 1);
        return true;
    }

    /// <summary>Up to the first malformed statement, where the oracle stops.</summary>
    private static void Compare(List<Statement> actual, List<Statement> expected)
    {
        for (var i = 0; i < expected.Count; i++)
        {
            (actual[i].Kind, actual[i].Line).ShouldBe((expected[i].Kind, expected[i].Line), $"statement {i}");
            actual[i].Words.ShouldBe(expected[i].Words, $"words of statement {i}");
        }
    }

    private static List<Statement> Expected(string text)
    {
        var (statements, words, at) = (new List<Statement>(), new List<Token>(), 0);
        while (true)
        {
            at += Blank().Match(text, at).Length;
            if (at == text.Length)
            {
                return End(words.Count == 0 ? StatementKind.EndOfFile : StatementKind.Malformed);
            }
            var c = text[at];
            if (c is ';' or '{' or '}')
            {
                if ((c == '}') != (words.Count == 0))
                {
                    return End(StatementKind.Malformed);
                }
                End(c switch { ';' => StatementKind.Simple, '{' => StatementKind.BlockStart, _ => StatementKind.BlockEnd });
                at++;
                continue;
            }
            var isQuoted = c is '"' or '\'';
            var word = (isQuoted ? Quoted() : Bare()).Match(text, at);
            var behind = at + word.Length;
            // A bare word that only the end of the file ends, perhaps behind a lone backslash, is no word.
            if (word.Length == 0 || (!isQuoted && (behind == text.Length || text[behind] == '\\')))
            {
                at = text.Length;
                return End(StatementKind.Malformed);
            }
            var raw = isQuoted ? word.Value[1..^1] : word.Value;
            words.Add(new(Escape().Replace(raw, Unescaped), LineOf(at), at - text.AsSpan(0, at).LastIndexOf('\n')));
            at = behind;
            if (isQuoted && at < text.Length && !" \t\r\n;{)".Contains(text[at]))
            {
                return End(StatementKind.Malformed);
            }
        }

        List<Statement> End(StatementKind kind)
        {
            statements.Add(new(kind, words, LineOf(at), 0));
            words = [];
            return statements;
        }

        int LineOf(int place) => 1 + text.AsSpan(0, place).Count('\n');
    }

    private static string Unescaped(Match escape) => escape.Value[1] switch { 't' => "\t", 'r' => "\r", 'n' => "\n", var other => other.ToString() };

    private static string Written(IEnumerable<Statement> statements)
    {
        var text = new StringBuilder();
        foreach (var statement in statements.Where(statement => statement.Kind is not (StatementKind.Malformed or StatementKind.EndOfFile)))
        {
            foreach (var word in statement.Words)
            {
                text.Append('"').Append(word.Text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)).Append("\" ");
            }
            text.AppendLine(statement.Kind switch { StatementKind.Simple => ";", StatementKind.BlockStart => "{", _ => "}" });
        }
        return text.ToString();
    }

    private static string Summary(IEnumerable<Statement> statements) => string.Join('\n', statements
        .Where(statement => statement.Kind != StatementKind.EndOfFile)
        .Select(statement => $"{statement.Kind} {string.Join(' ', statement.Words.Select(word => Convert.ToHexString(Encoding.Latin1.GetBytes(word.Text))))}"));

    [GeneratedRegex(@"\G(?:[ \t\r\n]|\#[^\n]*)*")]
    private static partial Regex Blank();

    [GeneratedRegex("""\G(?:"(?:\\[\s\S]|[^"\\])*"|'(?:\\[\s\S]|[^'\\])*')""")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"\G(?:\\[\s\S]|\$\{*|[^ \t\r\n;{\\$])+")]
    private static partial Regex Bare();

    [GeneratedRegex("""\\["'\\trn]""")]
    private static partial Regex Escape();
}
