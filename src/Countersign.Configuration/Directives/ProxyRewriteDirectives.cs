using Countersign.Configuration.Resolve;

namespace Countersign.Configuration.Directives;

/// <summary>proxy_redirect, proxy_cookie_domain, proxy_cookie_path, proxy_cookie_flags.</summary>
internal static class ProxyRewriteDirectives
{
    public static void BindRedirect(DirectiveCall call)
    {
        var setting = ProxyDirectives.Redirects;
        if (call.Scope.Has(setting) && (call.Scope.Own(setting) is null || (call.Count == 1 && call[1] == "off")))
        {
            call.IsDuplicate();
            return;
        }
        if (call.Count == 1 && call[1] == "off")
        {
            call.Scope.Set(setting, null);
            return;
        }
        if (call.Count == 1)
        {
            BindDefault(call);
        }
        else if (Rule(call, call[1], call[2], alwaysIgnoreCase: false) is { } rule)
        {
            Append(call, setting, rule);
        }
    }

    private static void BindDefault(DirectiveCall call)
    {
        if (call[1] != "default")
        {
            call.InvalidParameter(1, "Write default, off, or two values.");
            return;
        }
        switch ((call.Scope as LocationScope)?.ProxyPass)
        {
            case { Url: not null }:
                call.Fail("redirect-default", "\"proxy_redirect default\" cannot be used with \"proxy_pass\" directive with variables");
                break;
            case null:
                call.Fail("redirect-default", "\"proxy_redirect default\" should be placed after the \"proxy_pass\" directive");
                break;
            case var pass:
                Append(call, ProxyDirectives.Redirects, Default(pass));
                break;
        }
    }

    /// <summary>What <c>default</c> means for a constant proxy_pass.</summary>
    public static ProxyRedirect Default(PendingProxyPass pass) => pass.Uri is not null
        ? new ProxyRedirect(ComplexValue.Literal(pass.Text), null, ComplexValue.Literal(pass.LocationPrefix))
        : new ProxyRedirect(ComplexValue.Literal(pass.Text + "/"), null, ComplexValue.Literal("/"));

    public static void BindCookie(DirectiveCall call, Setting<IReadOnlyList<ProxyRedirect>?> setting)
    {
        if (call.Scope.Has(setting) && (call.Scope.Own(setting) is null || call.Count == 1))
        {
            call.IsDuplicate();
            return;
        }
        if (call.Count == 1)
        {
            if (call[1] == "off")
            {
                call.Scope.Set(setting, null);
            }
            else
            {
                call.InvalidParameter(1);
            }
            return;
        }
        var from = call[1];
        var to = call[2];
        if (setting == ProxyDirectives.CookieDomains && !from.StartsWith('~'))
        {
            // A domain's leading dot means nothing to cookies.
            from = from.StartsWith('.') ? from[1..] : from;
            to = to.StartsWith('.') ? to[1..] : to;
        }
        if (Rule(call, from, to, alwaysIgnoreCase: setting == ProxyDirectives.CookieDomains) is { } rule)
        {
            Append(call, setting, rule);
        }
    }

    public static void BindCookieFlags(DirectiveCall call)
    {
        var setting = ProxyDirectives.CookieFlags;
        if (call.Scope.Has(setting) && (call.Scope.Own(setting) is null || (call.Count == 1 && call[1] == "off")))
        {
            call.IsDuplicate();
        }
        else if (call.Count == 1 && call[1] == "off")
        {
            call.Scope.Set(setting, null);
        }
        else if (call.Count == 1)
        {
            call.InvalidParameter(1);
        }
        else
        {
            var pattern = call[1].StartsWith('~') ? call.Regex(call[1][1..], ignoreCase: true) : null;
            var name = call[1].StartsWith('~') ? null : call.Complex(1);
            var flags = Enumerable.Range(2, call.Count - 1).Select(call.Complex).OfType<ComplexValue>().ToList();
            call.Scope.Set(setting, [.. call.Scope.Own(setting) ?? [], new CookieFlags(name, pattern, flags)]);
        }
    }

    private static ProxyRedirect? Rule(DirectiveCall call, string from, string to, bool alwaysIgnoreCase)
    {
        RegexPlan? pattern = null;
        ComplexValue? text = null;
        if (from.StartsWith('~'))
        {
            var ignoreCase = !alwaysIgnoreCase && from.StartsWith("~*", StringComparison.Ordinal);
            pattern = call.Regex(from[(ignoreCase ? 2 : 1)..], ignoreCase || alwaysIgnoreCase);
        }
        else
        {
            text = call.Complex(from);
        }
        return (pattern is not null || text is not null) && call.Complex(to) is { } target ? new ProxyRedirect(text, pattern, target) : null;
    }

    private static void Append(DirectiveCall call, Setting<IReadOnlyList<ProxyRedirect>?> setting, ProxyRedirect rule) =>
        call.Scope.Set(setting, [.. call.Scope.Own(setting) ?? [], rule]);
}
