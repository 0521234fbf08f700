using Countersign.Configuration;
using Countersign.Proxy.Request;

namespace Countersign.Proxy.Route;

/// <summary>Sends a request elsewhere within its server, ten times at most.</summary>
internal static class Redirection
{
    /// <summary>ngx_http_internal_redirect. Next: the phases begin anew.</summary>
    public static Outcome ToUri(Exchange exchange, Bytes uri, Bytes arguments)
    {
        exchange.UriChangesLeft--;
        if (exchange.UriChangesLeft == 0)
        {
            exchange.Log.Write(LogLevel.Error,
                $"rewrite or internal redirection cycle while internally redirecting to \"{uri}\"");
            return Outcome.Of(500);
        }
        exchange.Uri = uri;
        exchange.Arguments = arguments;
        if (exchange.Log.IsEnabled(LogLevel.Debug))
        {
            exchange.Log.Write(LogLevel.Debug, $"internal redirect: \"{uri}?{arguments}\"");
        }
        exchange.IsInternal = true;
        exchange.IsUriUntouched = false;
        exchange.AddsUriToAlias = false;
        exchange.Log.Action = null;
        exchange.Upstream.ForgetPass();
        LocationEntry.Enter(exchange, exchange.Server.Root);
        return Outcome.Next;
    }

    /// <summary>ngx_http_named_location. Next: the location is in force, its rewrite phase is due.</summary>
    public static Outcome ToNamed(Exchange exchange, Bytes name)
    {
        exchange.UriChangesLeft--;
        if (exchange.UriChangesLeft == 0)
        {
            exchange.Log.Write(LogLevel.Error,
                $"rewrite or internal redirection cycle while redirect to named location \"{name}\"");
            return Outcome.Of(500);
        }
        if (exchange.Uri.IsEmpty)
        {
            exchange.Log.Write(LogLevel.Error, $"empty URI in redirect to named location \"{name}\"");
            return Outcome.Of(500);
        }
        var text = name.ToString();
        var named = exchange.Server.Root.NamedChildren;
        for (var index = 0; index < named.Count; index++)
        {
            if (named[index].Name != text)
            {
                continue;
            }
            if (exchange.Log.IsEnabled(LogLevel.Debug))
            {
                exchange.Log.Write(LogLevel.Debug, $"using location: {text} \"{exchange.Uri}?{exchange.Arguments}\"");
            }
            exchange.IsInternal = true;
            exchange.Upstream.ForgetPass();
            LocationEntry.Enter(exchange, named[index]);
            return Outcome.Next;
        }
        exchange.Log.Write(LogLevel.Error, $"could not find named location \"{text}\"");
        return Outcome.Of(500);
    }
}
