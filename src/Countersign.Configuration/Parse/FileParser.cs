using Countersign.Configuration.Lex;

namespace Countersign.Configuration.Parse;

/// <summary>Statements to a tree, following <c>include</c>. Blocks do not span files, as in nginx.</summary>
internal sealed class FileParser(LoadOptions options)
{
    /// <summary>Where nginx runs out of file descriptors; a file that includes itself ends here.</summary>
    private const int DeepestInclude = 100;

    /// <summary>No configuration nests this deep; a file made to exhaust the stack does.</summary>
    private const int DeepestBlock = 200;

    private readonly List<SourceFile> _files = [];
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private readonly string _folder = ByteText.FromUnicode(Path.GetDirectoryName(options.File) is { Length: > 0 } folder ? folder : "/");
    private int _depth;
    private int _blocks;

    public IReadOnlyList<SourceFile> Files => _files;

    /// <summary>nginx's <c>-g</c>: text without a file; blocks are refused.</summary>
    public IReadOnlyList<DirectiveNode> ParseParameter(string text)
    {
        var nodes = new List<DirectiveNode>();
        var lexer = new Lexer(ByteText.FromUnicode(text), isFile: false);
        while (lexer.Next() is { Kind: not StatementKind.EndOfFile } statement)
        {
            var problem = statement.Kind switch
            {
                StatementKind.Malformed => statement.Problem,
                StatementKind.BlockEnd => "unexpected \"}\"",
                StatementKind.BlockStart => "block directives are not supported in -g option",
                _ => null,
            };
            if (problem is not null)
            {
                nodes.Add(Broken(new ConfigurationProblem("bad-parameter", ProblemLevel.Error, problem, new SourcePosition("command line", statement.Line, statement.Column))));
                break;
            }
            nodes.Add(Node("command line", statement, null));
        }
        return nodes;
    }

    public IReadOnlyList<DirectiveNode> ParseMainFile()
    {
        var nodes = new List<DirectiveNode>();
        Read(ByteText.FromUnicode(options.File), null, nodes);
        return nodes;
    }

    private void Read(string path, SourcePosition? from, List<DirectiveNode> into)
    {
        byte[] content;
        try
        {
            if (_depth >= DeepestInclude)
            {
                throw new IOException("Too many open files");
            }
            content = options.ReadFile(ByteText.ToUnicode(path));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            into.Add(Broken(new ConfigurationProblem("cannot-open-file", ProblemLevel.Error,
                $"open() \"{path}\" failed ({Reason(failure)})", from)));
            return;
        }
        if (_seen.Add(path))
        {
            _files.Add(new SourceFile(path, content));
        }
        _depth++;
        ReadBlock(path, new Lexer(ByteText.FromBytes(content)), into, inBlock: false);
        _depth--;
    }

    private Statement ReadBlock(string file, Lexer lexer, List<DirectiveNode> into, bool inBlock)
    {
        while (true)
        {
            var statement = lexer.Next();
            switch (statement.Kind)
            {
                case StatementKind.BlockEnd when inBlock:
                    return statement;
                case StatementKind.BlockEnd:
                    into.Add(Broken(Syntax(file, statement, "unexpected-brace", "unexpected \"}\"")));
                    break;
                case StatementKind.EndOfFile:
                    if (inBlock)
                    {
                        into.Add(Broken(Syntax(file, statement, "unexpected-end-of-file", "unexpected end of file, expecting \"}\"")));
                    }
                    return statement;
                case StatementKind.Malformed:
                    into.Add(Broken(Syntax(file, statement, "malformed-text", statement.Problem!)));
                    if (statement.Problem!.StartsWith("unexpected end", StringComparison.Ordinal))
                    {
                        return statement;
                    }
                    break;
                case StatementKind.BlockStart:
                    var children = new List<DirectiveNode>();
                    if (++_blocks > DeepestBlock)
                    {
                        into.Add(Broken(Syntax(file, statement, "nested-too-deep", "blocks are nested too deep")));
                        return statement;
                    }
                    var end = ReadBlock(file, lexer, children, inBlock: true);
                    _blocks--;
                    into.Add(Node(file, statement, children, new SourcePosition(file, end.Line, end.Column)));
                    break;
                case StatementKind.Simple when statement.Words is [{ Text: "include" }, var pattern]:
                    Include(file, statement, pattern.Text, into);
                    break;
                default:
                    into.Add(Node(file, statement, null));
                    break;
            }
        }
    }

    private void Include(string file, Statement statement, string pattern, List<DirectiveNode> into)
    {
        var path = pattern.StartsWith('/') ? pattern : _folder.TrimEnd('/') + "/" + pattern;
        var position = Node(file, statement, null).Position;
        if (path.AsSpan().IndexOfAny("*?[") < 0)
        {
            Read(path, position, into);
            return;
        }
        foreach (var match in Glob.Expand(path, Names))
        {
            Read(match, position, into);
        }
    }

    /// <summary>A folder that cannot be listed has no matches, as for glob(3).</summary>
    private IReadOnlyList<string> Names(string folder)
    {
        try
        {
            return options.ListFolder(folder);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return [];
        }
    }

    private static string Reason(Exception failure) => failure switch
    {
        FileNotFoundException or DirectoryNotFoundException => "2: No such file or directory",
        UnauthorizedAccessException => "13: Permission denied",
        _ => failure.Message.StartsWith("Too many", StringComparison.Ordinal) ? "24: Too many open files" : failure.Message,
    };

    private static ConfigurationProblem Syntax(string file, Statement at, string id, string text) =>
        new(id, ProblemLevel.Error, text, new SourcePosition(file, at.Line, at.Column));

    private static DirectiveNode Node(
        string file, Statement statement, IReadOnlyList<DirectiveNode>? block, SourcePosition? end = null) => new()
        {
            Words = statement.Words,
            File = file,
            EndLine = statement.Line,
            EndColumn = statement.Column,
            Block = block,
            BlockEnd = end,
        };

    private static DirectiveNode Broken(ConfigurationProblem problem) =>
        new() { Words = [], File = problem.Position?.File ?? "", EndLine = 0, EndColumn = 0, Problem = problem };
}
