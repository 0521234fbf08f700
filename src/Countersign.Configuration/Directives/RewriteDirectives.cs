using Countersign.Configuration.Resolve;
using static Countersign.Configuration.Directives.DirectiveRow;

namespace Countersign.Configuration.Directives;

/// <summary>ngx_http_rewrite_module.</summary>
internal static class RewriteDirectives
{
    public static readonly Setting<bool> RewriteLog = new(false);
    public static readonly Setting<bool> UninitializedVariableWarn = new(true);

    public static IReadOnlyList<DirectiveRow> Rows { get; } =
    [
        new("rewrite", Contexts.Rewriting, 2, 3, "regex replacement [last | break | redirect | permanent]", "", BindRewrite),
        new("return", Contexts.Rewriting, 1, 2, "code [text] | code URL | URL", "", BindReturn),
        new("break", Contexts.Rewriting, 0, 0, "", "", call => Steps(call).Add(new BreakStep(call.Position))),
        new("set", Contexts.Rewriting, 2, 2, "$variable value", "", BindSet),
        Block("if", Contexts.Server | Contexts.Location, 1, Any, "(condition)", IfDirective.Bind),
        Flag("rewrite_log", Contexts.Http | Contexts.Rewriting, false, RewriteLog),
        Flag("uninitialized_variable_warn", Contexts.Http | Contexts.Rewriting, true, UninitializedVariableWarn),
    ];

    internal static List<RewriteStep> Steps(DirectiveCall call) => ((LocationScope)call.Scope).Rewrite;

    private static bool IsAbsolute(string text) =>
        text.StartsWith("http://", StringComparison.Ordinal) || text.StartsWith("https://", StringComparison.Ordinal)
        || text.StartsWith("$scheme", StringComparison.Ordinal);

    private static void BindRewrite(DirectiveCall call)
    {
        var replacement = call[2];
        if (replacement.Length == 0)
        {
            call.Fail("empty-replacement", "empty replacement", 2);
            return;
        }
        if (call.Regex(call[1], ignoreCase: false) is not { } pattern)
        {
            return;
        }
        var addArguments = !replacement.EndsWith('?');
        replacement = addArguments ? replacement : replacement[..^1];
        var flag = IsAbsolute(replacement) ? RewriteFlag.Redirect : RewriteFlag.None;
        if (call.Count == 3)
        {
            switch (call[3])
            {
                case "last" when flag == RewriteFlag.None:
                    flag = RewriteFlag.Last;
                    break;
                case "break" when flag == RewriteFlag.None:
                    flag = RewriteFlag.Break;
                    break;
                case "last" or "break":
                    break;
                case "redirect":
                    flag = RewriteFlag.Redirect;
                    break;
                case "permanent":
                    flag = RewriteFlag.Permanent;
                    break;
                default:
                    call.InvalidParameter(3, Spelling.Advice(call[3], ["last", "break", "redirect", "permanent"]));
                    return;
            }
        }
        var redirects = flag is RewriteFlag.Redirect or RewriteFlag.Permanent;
        var value = call.Session.Script.Compile(replacement, call.Position, out var problem, startArguments: !redirects);
        if (value is null)
        {
            call.Fail("invalid-variable", problem!);
            return;
        }
        Steps(call).Add(new RewriteRuleStep(call.Position, pattern, value, flag, addArguments));
    }

    private static void BindReturn(DirectiveCall call)
    {
        if (Units.Number(call[1]) is not { } status)
        {
            if (call.Count == 2 || !IsAbsolute(call[1]))
            {
                call.Fail("invalid-return-code", $"invalid return code \"{call[1]}\"", 1);
            }
            else if (call.Complex(1) is { } url)
            {
                Steps(call).Add(new ReturnStep(call.Position, 302, url));
            }
            return;
        }
        if (status > 999)
        {
            call.Fail("invalid-return-code", $"invalid return code \"{call[1]}\"", 1);
            return;
        }
        if (call.Count == 1)
        {
            Steps(call).Add(new ReturnStep(call.Position, (int)status, null));
        }
        else if (call.Complex(2) is { } text)
        {
            Steps(call).Add(new ReturnStep(call.Position, (int)status, text));
        }
    }

    private static void BindSet(DirectiveCall call)
    {
        if (!call[1].StartsWith('$'))
        {
            call.Fail("invalid-variable-name", $"invalid variable name \"{call[1]}\"", 1, $"Write \"${call[1]}\".");
            return;
        }
        if (VariableName(call, 1) is not { } name || call.Complex(2) is not { } value)
        {
            return;
        }
        // limit_rate and args are nginx's own variables that set may change.
        var index = KnownVariables.IsBuiltIn(name)
            ? call.Session.Script.Variable(name, call.Position)
            : call.Session.Script.Define(name, AssignedVariable.Instance);
        Steps(call).Add(new SetStep(call.Position, index, value));
    }

    /// <summary>The name of a variable that a directive defines, without its dollar sign.</summary>
    internal static string? VariableName(DirectiveCall call, int word)
    {
        var name = call[word][1..].ToLowerInvariant();
        if (name.Length == 0)
        {
            call.Fail("invalid-variable-name", "invalid variable name \"$\"", word);
            return null;
        }
        if (KnownVariables.IsBuiltIn(name) && !KnownVariables.IsChangeable(name))
        {
            call.Fail("duplicate-variable", $"the duplicate \"{name}\" variable", word, "nginx itself defines this variable; choose another name.");
            return null;
        }
        return name;
    }
}
