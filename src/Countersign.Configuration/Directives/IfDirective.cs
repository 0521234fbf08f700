using Countersign.Configuration.Resolve;

namespace Countersign.Configuration.Directives;

/// <summary>if (condition) { ... }</summary>
internal static class IfDirective
{
    public static void Bind(DirectiveCall call)
    {
        var parent = (LocationScope)call.Scope;
        var inner = new LocationScope(
            parent is ServerScope ? Contexts.ServerIf : Contexts.LocationIf, parent, LocationKind.If, parent.Name, call.Position);
        var condition = Condition(call);
        if (condition is not null)
        {
            parent.Rewrite.Add(new PendingIf(call.Position, condition, inner));
        }
        call.BindBlock(inner);
    }

    private static IfCondition? Condition(DirectiveCall call)
    {
        var words = Enumerable.Range(1, call.Count).Select(i => call[i]).ToList();
        if (!words[0].StartsWith('('))
        {
            return Invalid(call, 1, "A condition stands in parentheses.");
        }
        if (!words[^1].EndsWith(')'))
        {
            return Invalid(call, words.Count, "A condition ends with a closing parenthesis.");
        }
        var first = 1;
        words[0] = words[0][1..];
        if (words[0].Length == 0)
        {
            words.RemoveAt(0);
            first = 2;
        }
        words[^1] = words[^1][..^1];
        if (words[^1].Length == 0)
        {
            words.RemoveAt(words.Count - 1);
        }
        if (words.Count == 0)
        {
            return Refuse(call, ")", call.Count, "A condition is a variable, a comparison or a test of a file.");
        }
        if (words[0].Length > 1 && words[0][0] == '$')
        {
            return OfVariable(call, words, first);
        }
        if (words[0] is ['-', _] or ['!', '-', _])
        {
            return OfFile(call, words, first);
        }
        return Refuse(call, words[0], first);
    }

    private static IfCondition? OfVariable(DirectiveCall call, List<string> words, int first)
    {
        if (words.Count is not (1 or 3))
        {
            return Refuse(call, words[0], first);
        }
        var variable = call.Session.Script.Variable(words[0][1..], call.Position);
        if (words.Count == 1)
        {
            return new IfTrue(variable);
        }
        switch (words[1])
        {
            case "=" or "!=":
                return call.Complex(words[2]) is { } value ? new IfEquals(variable, value, words[1] == "!=") : null;
            case "~" or "~*" or "!~" or "!~*":
                return call.Regex(words[2], words[1].EndsWith('*')) is { } pattern
                    ? new IfMatches(variable, pattern, words[1].StartsWith('!'))
                    : null;
            default:
                call.Fail("invalid-condition", $"unexpected \"{words[1]}\" in condition", first + 1,
                    words[1] == "==" ? "Equality is written with one =." : "It must be one of: =, !=, ~, ~*, !~, !~*.");
                return null;
        }
    }

    private static IfCondition? OfFile(DirectiveCall call, List<string> words, int first)
    {
        if (words.Count != 2)
        {
            return Refuse(call, words[0], first);
        }
        FileTest? test = words[0][^1] switch
        {
            'f' => FileTest.File,
            'd' => FileTest.Directory,
            'e' => FileTest.Exists,
            'x' => FileTest.Executable,
            _ => null,
        };
        if (call.Complex(words[1]) is not { } path)
        {
            return null;
        }
        return test is { } known ? new IfFile(known, path, words[0][0] == '!') : Refuse(call, words[0], first);
    }

    private static IfCondition? Invalid(DirectiveCall call, int word, string? advice = null) => Refuse(call, call[word], word, advice);

    private static IfCondition? Refuse(DirectiveCall call, string text, int word, string? advice = null)
    {
        call.Fail("invalid-condition", $"invalid condition \"{text}\"", Math.Min(word, call.Count), advice);
        return null;
    }
}
