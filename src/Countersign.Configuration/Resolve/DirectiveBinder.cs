using Countersign.Configuration.Directives;
using Countersign.Configuration.Parse;

namespace Countersign.Configuration.Resolve;

/// <summary>Takes a tree into scopes: finds each directive's row, makes nginx's checks (ngx_conf_handler), calls its binder.</summary>
internal sealed class DirectiveBinder(LoadSession session)
{
    public void BindAll(IReadOnlyList<DirectiveNode> nodes, Scope scope)
    {
        foreach (var node in nodes)
        {
            if (node.Problem is { } problem)
            {
                session.Report(problem);
            }
            else
            {
                BindOne(node, scope);
            }
        }
    }

    /// <summary>A block whose lines are not directives (<c>types</c>, <c>map</c>): only what could not be read is reported.</summary>
    public IEnumerable<DirectiveNode> Entries(IReadOnlyList<DirectiveNode> nodes)
    {
        foreach (var node in nodes)
        {
            if (node.Problem is { } problem)
            {
                session.Report(problem);
            }
            else if (node.HasBlock)
            {
                Error(node, "unexpected-brace", "unexpected \"{\"");
            }
            else
            {
                yield return node;
            }
        }
    }

    private void BindOne(DirectiveNode node, Scope scope)
    {
        var rows = DirectiveTable.Find(node.Name);
        var row = rows.FirstOrDefault(candidate => (candidate.Contexts & scope.Context) != 0);
        if (row is null)
        {
            Refuse(node, rows);
            return;
        }
        if (!row.IsBlock && node.HasBlock)
        {
            Error(node, "missing-semicolon", $"directive \"{node.Name}\" is not terminated by \";\"", "Put a semicolon at the end of the directive.");
        }
        else if (row.IsBlock && !node.HasBlock)
        {
            Error(node, "missing-block", $"directive \"{node.Name}\" has no opening \"{{\"");
        }
        else if (node.ArgumentCount < row.Minimum || node.ArgumentCount > row.Maximum)
        {
            Error(node, "wrong-number-of-arguments", $"invalid number of arguments in \"{node.Name}\" directive",
                $"Syntax: {row.Name} {row.Syntax}".TrimEnd() + (row.IsBlock ? "" : ";"));
        }
        else
        {
            row.Bind(new DirectiveCall(session, node, scope));
            return;
        }
        ReportUnreadable(node);
    }

    private void Refuse(DirectiveNode node, IReadOnlyList<DirectiveRow> rows)
    {
        if (rows.Count > 0)
        {
            Error(node, "directive-not-allowed-here", $"\"{node.Name}\" directive is not allowed here",
                "It belongs in: " + ContextNames.Of(rows.Aggregate(Contexts.None, (all, row) => all | row.Contexts)) + ".");
        }
        else if (UnsupportedDirectives.ModuleOf(node.Name) is { } module)
        {
            Error(node, "unsupported-directive", $"the \"{node.Name}\" directive is not supported by Countersign yet",
                $"It belongs to nginx's {module}: take it out, or leave to an nginx what needs it.");
        }
        else
        {
            Error(node, "unknown-directive", $"unknown directive \"{node.Name}\"", RemovedDirectives.Advice(node.Name) ?? Spelling.Advice(node.Name, DirectiveTable.Names));
        }
        ReportUnreadable(node);
    }

    /// <summary>Text that cannot be read inside a block that is refused counts all the same.</summary>
    private void ReportUnreadable(DirectiveNode node)
    {
        foreach (var child in node.Block ?? [])
        {
            if (child.Problem is { } problem)
            {
                session.Report(problem);
            }
            ReportUnreadable(child);
        }
    }

    private void Error(DirectiveNode node, string id, string text, string? advice = null) =>
        session.Report(new ConfigurationProblem(id, ProblemLevel.Error, text, node.Position, MissingSemicolon.Advice(node) ?? advice) { Word = node.PositionOf(0) });
}
