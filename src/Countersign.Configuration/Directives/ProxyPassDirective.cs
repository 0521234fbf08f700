using Countersign.Configuration.Resolve;

namespace Countersign.Configuration.Directives;

/// <summary>proxy_pass.</summary>
internal static class ProxyPassDirective
{
    public static void Bind(DirectiveCall call)
    {
        var location = (LocationScope)call.Scope;
        if (location.ProxyPass is not null)
        {
            call.IsDuplicate();
            return;
        }
        location.AutoRedirect = location.Name.EndsWith('/');
        var url = call[1];
        if (ScriptCompiler.HasVariables(url))
        {
            location.ProxyPass = call.Complex(1) is { } value ? new PendingProxyPass { Position = call.Position, Url = value } : null;
            return;
        }
        var ssl = url.StartsWith("https://", StringComparison.OrdinalIgnoreCase);
        if (!ssl && !url.StartsWith("http://", StringComparison.OrdinalIgnoreCase))
        {
            call.Fail("invalid-url-prefix", "invalid URL prefix", 1, "The URL begins with http:// or https://.");
            return;
        }
        var defaultPort = ssl ? 443 : 80;
        var address = url[(ssl ? 8 : 7)..];
        var parsed = ParsedUrl.Parse(address, defaultPort, uriPart: true);
        if (parsed.Error is { } error)
        {
            call.Fail("invalid-upstream", $"{error} in upstream \"{address}\"", 1);
            return;
        }
        if (call.Session.Upstreams.Refer(call, parsed) is not { } target)
        {
            return;
        }
        var takesNoUri = location.Kind is LocationKind.Named or LocationKind.Regex || location.IsUnnamed;
        if (takesNoUri && parsed.Uri.Length > 0)
        {
            call.Fail("proxy-pass-uri", "\"proxy_pass\" cannot have URI part in location given by regular expression, or inside named location, "
                + "or inside \"if\" statement, or inside \"limit_except\" block", 1, "Leave out the path, or put it in with rewrite.");
            return;
        }
        var (host, port) = parsed switch
        {
            { IsUnix: true } => ("localhost", ""),
            _ when parsed.NoPort || parsed.Port == defaultPort => (parsed.Host, ssl ? "443" : "80"),
            _ => (parsed.Host + ":" + parsed.PortText, parsed.PortText),
        };
        location.ProxyPass = new PendingProxyPass
        {
            Position = call.Position,
            Target = target,
            Ssl = ssl,
            Host = host,
            Port = port,
            Uri = parsed.Uri.Length > 0 ? parsed.Uri : null,
            Text = url,
            LocationPrefix = takesNoUri ? "" : location.Name,
        };
    }
}
