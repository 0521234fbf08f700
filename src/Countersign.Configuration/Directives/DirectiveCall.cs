using Countersign.Configuration.Parse;
using Countersign.Configuration.Resolve;

namespace Countersign.Configuration.Directives;

/// <summary>A directive that has passed the checks of its row, with the scope it stands in.</summary>
internal sealed class DirectiveCall(LoadSession session, DirectiveNode node, Scope scope)
{
    public LoadSession Session => session;
    public DirectiveNode Node => node;
    public Scope Scope => scope;
    public string Name => node.Name;
    public SourcePosition Position => node.Position;

    /// <summary>Number of arguments.</summary>
    public int Count => node.ArgumentCount;

    /// <summary>An argument, counted from 1 as nginx's <c>value[]</c>.</summary>
    public string this[int index] => node.Words[index].Text;

    public bool Fail(string id, string text, int? word = null, string? advice = null)
    {
        session.Report(new ConfigurationProblem(id, ProblemLevel.Error, text, Position, MissingSemicolon.Advice(node) ?? advice)
        {
            Word = word is { } index ? node.PositionOf(index) : null,
        });
        return false;
    }

    /// <summary>nginx's <c>"name" directive ...</c>.</summary>
    public bool FailDirective(string id, string text, int? word = null, string? advice = null) =>
        Fail(id, $"\"{Name}\" directive {text}", word, advice);

    public bool IsDuplicate() => FailDirective("duplicate-directive", "is duplicate", 0, "Remove one of them.");

    public bool InvalidValue(int word = 1, string? advice = null) => FailDirective("invalid-value", "invalid value", word, advice);

    public bool InvalidParameter(int word, string? advice = null) =>
        Fail("invalid-parameter", $"invalid parameter \"{this[word]}\"", word, advice);

    public void Warn(string id, string text, string? advice = null) =>
        session.Report(new ConfigurationProblem(id, ProblemLevel.Warning, text, Position, advice));

    public void Notice(string id, string text, string? advice = null) =>
        session.Report(new ConfigurationProblem(id, ProblemLevel.Notice, text, Position, advice));

    /// <summary>Compiles an argument with variables; null after a problem.</summary>
    public ComplexValue? Complex(int index) => Complex(this[index]);

    public ComplexValue? Complex(string text)
    {
        var value = session.Script.Compile(text, Position, out var problem);
        if (problem is not null)
        {
            Fail("invalid-variable", problem);
        }
        return value;
    }

    public RegexPlan? Regex(string pattern, bool ignoreCase)
    {
        var plan = session.Script.CompileRegex(pattern, ignoreCase, out var problem);
        if (problem is not null)
        {
            Fail("invalid-regex", problem);
        }
        return plan;
    }

    /// <summary>Sets a value, unless this block has it already.</summary>
    public void Set<T>(Setting<T> setting, T value)
    {
        if (scope.Has(setting))
        {
            IsDuplicate();
            return;
        }
        scope.Set(setting, value);
    }

    /// <summary>ngx_conf_full_name under the prefix (logs, roots) or beside the main file (certificates, passwords).</summary>
    public string PrefixPath(string path) => session.UnderPrefix(path);

    public string ConfigurationPath(string path) => session.BesideMainFile(path);

    public void BindBlock(Scope inner) => session.Binder.BindAll(node.Block!, inner);
}
