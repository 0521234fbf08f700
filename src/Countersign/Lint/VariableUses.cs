using Countersign.Configuration;

namespace Countersign.Lint;

/// <summary>Names of the variables that decide what a server does with a request or what its backends get. Logs do not decide.</summary>
internal static class VariableUses
{
    public static IEnumerable<string> Of(ServerPlan server, LintCase lint) =>
        Of(server.Rewrite, lint).Concat(lint.LocationsOf(server).SelectMany(location => Of(location, lint)));

    private static IEnumerable<string> Of(LocationPlan location, LintCase lint) => Of(location.Rewrite, lint)
        .Concat(Values(location).SelectMany(lint.Variables.Of))
        .Concat(location.ProxyPass is null ? [] : Values(location.ProxyPass, location.Proxy).SelectMany(lint.Variables.Of));

    private static IEnumerable<ComplexValue?> Values(LocationPlan location) =>
    [
        location.Core.Root, location.Core.LimitRate, location.Core.LimitRateAfter, location.Content.TryFiles?.Fallback,
        .. location.Core.ErrorPages.Select(page => page.Target),
        .. location.Content.Index,
        .. location.Content.TryFiles?.Files.Select(file => file.Value) ?? [],
    ];

    private static IEnumerable<ComplexValue?> Values(ProxyPassPlan pass, ProxySettings proxy) =>
    [
        pass.Url, pass.Upstream?.Balance.Key, proxy.MethodValue, proxy.SetBody, proxy.Bind, proxy.LimitRate, proxy.Ssl.Name, proxy.Ssl.Certificate,
        .. proxy.SetHeaders.Select(header => header.Value),
    ];

    private static IEnumerable<string> Of(IReadOnlyList<RewriteStep> steps, LintCase lint) => steps.SelectMany(step => Of(step, lint));

    private static IEnumerable<string> Of(RewriteStep step, LintCase lint) => step switch
    {
        SetStep set => lint.Variables.Of(set.Value),
        ReturnStep answer => lint.Variables.Of(answer.Text),
        RewriteRuleStep rule => lint.Variables.Of(rule.Replacement),
        IfStep branch => Of(branch.Condition, lint).Concat(Of(branch.Steps, lint)),
        _ => [],
    };

    private static IEnumerable<string> Of(IfCondition condition, LintCase lint) => condition switch
    {
        IfTrue truth => lint.Variables.Of(truth.Variable),
        IfEquals equal => lint.Variables.Of(equal.Variable).Concat(lint.Variables.Of(equal.Value)),
        IfMatches match => lint.Variables.Of(match.Variable),
        IfFile file => lint.Variables.Of(file.Path),
        _ => [],
    };
}
