using System.Globalization;
using System.Text;

namespace Countersign.Configuration.Tests;

/// <summary>A plan as text: what differs from nginx's defaults, and where things go.</summary>
internal static class PlanSummary
{
    public static string Of(LoadResult result)
    {
        var text = new StringBuilder();
        foreach (var problem in result.Problems)
        {
            text.Append(CultureInfo.InvariantCulture, $"{problem.Level.ToString().ToLowerInvariant()}: {ProblemText.NginxLine(problem)} [{problem.Id}]\n");
        }
        if (result.Plan?.Http is { } http)
        {
            Upstreams(text, http);
            foreach (var listen in http.Listens)
            {
                text.Append(CultureInfo.InvariantCulture, $"socket {listen.Text}\n");
                foreach (var address in listen.Addresses)
                {
                    text.Append(CultureInfo.InvariantCulture, $"  address {address.EndPoint}{(address.Ssl ? " ssl" : "")}{(address.ProxyProtocol ? " proxy_protocol" : "")} default server {address.DefaultServer.Id}\n");
                    Names(text, address.Names);
                }
            }
            foreach (var server in http.Servers)
            {
                Server(text, server, http);
            }
        }
        return text.ToString();
    }

    private static void Upstreams(StringBuilder text, HttpPlan http)
    {
        foreach (var upstream in http.Upstreams)
        {
            text.Append(CultureInfo.InvariantCulture, $"upstream {upstream.Name} {upstream.Balance.Kind} keepalive {upstream.Keepalive}\n");
            foreach (var server in upstream.Servers)
            {
                text.Append(CultureInfo.InvariantCulture, $"  {string.Join(" ", server.Addresses)} weight {server.Weight}{(server.Backup ? " backup" : "")}{(server.Down ? " down" : "")}\n");
            }
        }
    }

    private static void Names(StringBuilder text, HostTable<ServerPlan> names)
    {
        var all = names.Exact.Select(pair => (Name: "\"" + pair.Key + "\"", pair.Value))
            .Concat(names.Leading.Select(pair => (Name: "*." + pair.Key, pair.Value)))
            .Concat(names.Trailing.Select(pair => (Name: pair.Key + ".*", pair.Value)))
            .Concat(names.Patterns.Select(pair => (Name: "~" + pair.Pattern.Source, pair.Value)));
        foreach (var (name, server) in all)
        {
            text.Append(CultureInfo.InvariantCulture, $"    {name} -> server {server.Id}\n");
        }
    }

    private static void Server(StringBuilder text, ServerPlan server, HttpPlan http)
    {
        text.Append(CultureInfo.InvariantCulture, $"server {server.Id} \"{server.Name}\"\n");
        if (server.Ssl.Certificates.Count > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"  certificate {string.Join(" ", server.Ssl.Certificates)} verify {server.Ssl.VerifyClient} depth {server.Ssl.VerifyDepth} by {server.Ssl.ClientCertificate}\n");
        }
        Steps(text, server.Rewrite, http, "  ");
        Location(text, server.Root, http, "  ");
    }

    private static void Location(StringBuilder text, LocationPlan location, HttpPlan http, string indent)
    {
        text.Append(CultureInfo.InvariantCulture, $"{indent}{location.Kind} {location.Name}\n");
        var inner = indent + "  ";
        text.Append(CultureInfo.InvariantCulture, $"{inner}{(location.Core.IsAlias ? "alias" : "root")} {location.Core.Root}\n");
        foreach (var page in location.Core.ErrorPages)
        {
            text.Append(CultureInfo.InvariantCulture, $"{inner}error_page {page.Status} ={page.Overwrite} {page.Target}\n");
        }
        foreach (var header in location.Headers.AddHeaders)
        {
            text.Append(CultureInfo.InvariantCulture, $"{inner}add_header {header.Name} {header.Value}{(header.Always ? " always" : "")}\n");
        }
        foreach (var rule in location.Access.Rules)
        {
            text.Append(CultureInfo.InvariantCulture, $"{inner}{(rule.Allow ? "allow" : "deny")} {rule.Network?.ToString() ?? (rule.Unix ? "unix:" : "all")}\n");
        }
        foreach (var log in location.Log.AccessLogs)
        {
            text.Append(CultureInfo.InvariantCulture, $"{inner}access_log {log.Path} {log.Format.Name}\n");
        }
        foreach (var header in location.Proxy.SetHeaders)
        {
            text.Append(CultureInfo.InvariantCulture, $"{inner}proxy_set_header {header.Name} {header.Value}\n");
        }
        if (location.ProxyPass is { } pass)
        {
            text.Append(CultureInfo.InvariantCulture, $"{inner}proxy_pass {(pass.Url is null ? $"{(pass.Ssl ? "https" : "http")} {pass.Upstream!.Name} host {pass.Host} uri {pass.Uri ?? "as it came"}" : pass.Url.Source)}\n");
            foreach (var redirect in location.Proxy.Redirects ?? [])
            {
                text.Append(CultureInfo.InvariantCulture, $"{inner}proxy_redirect {redirect.From?.Source ?? "~" + redirect.Pattern!.Source} {redirect.To}\n");
            }
        }
        Steps(text, location.Rewrite, http, inner);
        if (location.LimitExcept is { } limited)
        {
            text.Append(CultureInfo.InvariantCulture, $"{inner}except {string.Join(" ", location.LimitExceptMethods)}\n");
            Location(text, limited, http, inner);
        }
        foreach (var child in location.Children.Concat(location.RegexChildren).Concat(location.NamedChildren))
        {
            Location(text, child, http, inner);
        }
    }

    private static void Steps(StringBuilder text, IReadOnlyList<RewriteStep> steps, HttpPlan http, string indent)
    {
        foreach (var step in steps)
        {
            text.Append(indent).Append(step switch
            {
                SetStep set => $"set ${http.Variables.Names[set.Variable]} {set.Value}",
                ReturnStep @return => $"return {@return.Status} {@return.Text}".TrimEnd(),
                BreakStep => "break",
                RewriteRuleStep rule => $"rewrite {rule.Pattern.Source} {rule.Replacement} {rule.Flag}{(rule.AddArguments ? "" : " without arguments")}",
                IfStep { Condition: var condition } => "if " + condition switch
                {
                    IfTrue test => $"${http.Variables.Names[test.Variable]}",
                    IfEquals test => $"${http.Variables.Names[test.Variable]} {(test.Negate ? "!=" : "=")} {test.Value}",
                    IfMatches test => $"${http.Variables.Names[test.Variable]} {(test.Negate ? "!~" : "~")} {test.Pattern.Source}",
                    IfFile test => $"{(test.Negate ? "!" : "")}{test.Test} {test.Path}",
                    _ => throw new InvalidOperationException(),
                },
                _ => throw new InvalidOperationException(),
            }).Append('\n');
            if (step is IfStep inner)
            {
                Steps(text, inner.Steps, http, indent + "  ");
                if (inner.Block is { } block)
                {
                    Location(text, block, http, indent + "  ");
                }
            }
        }
    }
}
