using Countersign.Configuration;
using Countersign.Proxy.Request;

namespace Countersign.Proxy.Route;

/// <summary>nginx's phases in their order. None of them waits: they end with what is to be done.</summary>
internal static class Phases
{
    /// <summary>For a request that begins, or that an internal redirect sent elsewhere.</summary>
    public static Outcome FromServer(Exchange exchange)
    {
        exchange.IsLocationValid = true;
        var server = exchange.Server;
        if (server.Rewrite.Count > 0)
        {
            var changed = false;
            var outcome = Rewriting.Run(exchange, server.Rewrite, server.RewriteLog, ref changed);
            if (outcome.Kind != OutcomeKind.Next)
            {
                return outcome;
            }
        }
        return FromSearch(exchange);
    }

    /// <summary>For a named location, which is in force already.</summary>
    public static Outcome FromLocation(Exchange exchange)
    {
        var changed = false;
        var outcome = RunLocationRewrite(exchange, ref changed);
        if (outcome.Kind != OutcomeKind.Next)
        {
            return outcome;
        }
        return changed ? AfterChange(exchange) : FromAccess(exchange);
    }

    private static Outcome FromSearch(Exchange exchange)
    {
        while (true)
        {
            var outcome = FindLocation(exchange);
            var changed = false;
            if (outcome.Kind == OutcomeKind.Next)
            {
                outcome = RunLocationRewrite(exchange, ref changed);
            }
            if (outcome.Kind == OutcomeKind.Next && changed)
            {
                outcome = CountChange(exchange);
                if (outcome.Kind == OutcomeKind.Next)
                {
                    continue;
                }
            }
            return outcome.Kind == OutcomeKind.Next ? FromAccess(exchange) : outcome;
        }
    }

    private static Outcome AfterChange(Exchange exchange)
    {
        var outcome = CountChange(exchange);
        return outcome.Kind == OutcomeKind.Next ? FromSearch(exchange) : outcome;
    }

    private static Outcome FindLocation(Exchange exchange)
    {
        var location = LocationSearch.Find(exchange, out var redirects);
        exchange.Location = location;
        if (location.Core.Internal && !exchange.IsInternal)
        {
            return Outcome.Of(404);
        }
        if (exchange.Log.IsEnabled(LogLevel.Debug))
        {
            var mark = location.Kind == LocationKind.Exact ? "=" : "";
            exchange.Log.Write(LogLevel.Debug, $"using configuration \"{mark}{location.Name}\"");
        }
        // What was found, not what limit_except makes of it, has the limit and the name.
        var core = location.Core;
        LocationEntry.Enter(exchange, location);
        if (exchange.ContentLength > core.ClientMaxBodySize && core.ClientMaxBodySize > 0 && !exchange.IsBodyDiscarded)
        {
            exchange.Log.Write(LogLevel.Error, $"client intended to send too large body: {exchange.ContentLength} bytes");
            exchange.Body.Refuse();
            exchange.IsBodyDiscarded = true;
            return Outcome.Of(413);
        }
        return redirects ? RedirectToSlash(exchange, location) : Outcome.Next;
    }

    private static Outcome RedirectToSlash(Exchange exchange, LocationPlan location)
    {
        var arena = exchange.Arena;
        var path = UriText.EscapePath(arena, new Bytes(ByteText.ToBytes(location.Name)));
        exchange.Response.Location = exchange.Arguments.IsEmpty ? path : FilePath.Join(arena, path, "?"u8, exchange.Arguments);
        return Outcome.Of(301);
    }

    private static Outcome RunLocationRewrite(Exchange exchange, ref bool changed)
    {
        var location = exchange.Location;
        return location.Rewrite.Count == 0
            ? Outcome.Next
            : Rewriting.Run(exchange, location.Rewrite, location.RewriteLog, ref changed);
    }

    private static Outcome CountChange(Exchange exchange)
    {
        exchange.UriChangesLeft--;
        if (exchange.UriChangesLeft == 0)
        {
            exchange.Log.Write(LogLevel.Error, $"rewrite or internal redirection cycle while processing \"{exchange.Uri}\"");
            return Outcome.Of(500);
        }
        exchange.Location = exchange.Server.Root;
        return Outcome.Next;
    }

    private static Outcome FromAccess(Exchange exchange)
    {
        var outcome = Access.Decide(exchange);
        if (outcome.Kind == OutcomeKind.Next && exchange.Location.Content.TryFiles is { } plan)
        {
            outcome = TryFiles.Run(exchange, plan);
        }
        if (outcome.Kind != OutcomeKind.Next)
        {
            return outcome;
        }
        if (exchange.HasProxyHandler)
        {
            return Outcome.Proxy;
        }
        outcome = IndexFile.Find(exchange);
        return outcome.Kind == OutcomeKind.Next ? Outcome.File : outcome;
    }
}
