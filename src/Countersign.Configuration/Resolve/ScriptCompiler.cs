using System.Text;

namespace Countersign.Configuration.Resolve;

/// <summary>Text with variables to a <see cref="ComplexValue"/>, as ngx_http_script_compile, and patterns with named groups.</summary>
internal sealed class ScriptCompiler(VariableTable variables)
{
    private readonly Dictionary<string, SourcePosition?> _mentions = new(StringComparer.Ordinal);

    /// <summary>Variables in order of their first mention, with its place.</summary>
    public IReadOnlyDictionary<string, SourcePosition?> Mentions => _mentions;

    public static bool HasVariables(string text) => text.Contains('$');

    public int Variable(string name, SourcePosition? position)
    {
        var lower = name.ToLowerInvariant();
        _mentions.TryAdd(lower, position);
        return variables.IndexOf(lower);
    }

    public int Define(string name, VariableSource source)
    {
        var lower = name.ToLowerInvariant();
        variables.Define(lower, source);
        return variables.IndexOf(lower);
    }

    /// <param name="startArguments">The replacement of a rewrite: its first <c>?</c> starts the arguments.</param>
    /// <param name="captures"><c>$1</c> is a capture; in a log format it is a variable of that name.</param>
    public ComplexValue? Compile(
        string text, SourcePosition? position, out string? problem, bool startArguments = false, bool captures = true)
    {
        problem = null;
        var parts = new List<ValuePart>();
        var literal = new StringBuilder();
        for (var i = 0; i < text.Length;)
        {
            if (text[i] == '$')
            {
                if (++i == text.Length)
                {
                    problem = "invalid variable name";
                    return null;
                }
                if (captures && text[i] is >= '1' and <= '9')
                {
                    FlushLiteral();
                    parts.Add(new ValuePart { Capture = text[i] - '0' });
                    i++;
                    continue;
                }
                var name = ReadName(text, ref i, out problem);
                if (problem is not null)
                {
                    return null;
                }
                FlushLiteral();
                parts.Add(new ValuePart { Variable = Variable(name, position) });
                continue;
            }
            if (startArguments && text[i] == '?')
            {
                FlushLiteral();
                parts.Add(new ValuePart { StartsArguments = true });
                startArguments = false;
                i++;
                continue;
            }
            literal.Append(text[i++]);
        }
        FlushLiteral();
        return new ComplexValue(text, parts);

        void FlushLiteral()
        {
            if (literal.Length > 0)
            {
                parts.Add(new ValuePart { Literal = ByteText.ToBytes(literal.ToString()) });
                literal.Clear();
            }
        }
    }

    /// <summary>The name behind a dollar sign, with or without braces.</summary>
    private static string ReadName(string text, ref int i, out string? problem)
    {
        problem = null;
        var bracket = text[i] == '{';
        if (bracket && ++i == text.Length)
        {
            problem = "invalid variable name";
            return "";
        }
        var start = i;
        while (i < text.Length && (char.IsAsciiLetterOrDigit(text[i]) || text[i] == '_'))
        {
            i++;
        }
        var name = text[start..i];
        if (bracket)
        {
            if (i == text.Length || text[i] != '}')
            {
                problem = $"the closing bracket in \"{name}\" variable is missing";
                return name;
            }
            i++;
        }
        if (name.Length == 0)
        {
            problem = "invalid variable name";
        }
        return name;
    }

    public RegexPlan? CompileRegex(string pattern, bool ignoreCase, out string? problem)
    {
        var translated = PcrePattern.Compile(pattern, ignoreCase, out problem);
        if (translated is null)
        {
            return null;
        }
        return new RegexPlan
        {
            Source = pattern,
            IgnoreCase = ignoreCase,
            Expression = translated.Expression,
            NamedGroups = [.. translated.Names.Select(named => (named.Group, Define(named.Name, CapturedVariable.Instance)))],
        };
    }
}
