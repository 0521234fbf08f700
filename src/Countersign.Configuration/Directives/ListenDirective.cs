using Countersign.Configuration.Resolve;

namespace Countersign.Configuration.Directives;

/// <summary>listen.</summary>
internal static class ListenDirective
{
    public static void Bind(DirectiveCall call)
    {
        var url = ParsedUrl.Parse(call[1], 80, listen: true, resolve: call.Session.Options.Resolve);
        if (url.Error is { } error)
        {
            call.Fail("invalid-listen", $"{error} in \"{call[1]}\" of the \"listen\" directive", 1);
            return;
        }
        var options = new ListenOptions { EndPoint = url.Addresses[0] };
        for (var i = 2; i <= call.Count; i++)
        {
            if (Parameter(call, i, options) is not { } next)
            {
                return;
            }
            options = next;
        }
        foreach (var address in url.Addresses.Distinct())
        {
            call.Session.Listens.Add(call, (ServerScope)call.Scope, options with { EndPoint = address });
        }
    }

    private static ListenOptions? Parameter(DirectiveCall call, int word, ListenOptions options)
    {
        var text = call[word];
        var equals = text.IndexOf('=');
        var (name, value) = equals < 0 ? (text, "") : (text[..(equals + 1)], text[(equals + 1)..]);
        switch (name)
        {
            case "default_server" or "default":
                return options with { DefaultServer = true };
            case "bind":
                return options with { Set = true, Bind = true };
            case "ssl":
                return options with { Ssl = true };
            case "proxy_protocol":
                return options with { ProxyProtocol = true };
            case "reuseport":
                return options with { ReusePort = true, Set = true, Bind = true };
            case "deferred":
                return options with { Deferred = true, Set = true, Bind = true };
            case "backlog=":
                return Units.Number(value) is { } backlog and > 0
                    ? options with { Backlog = (int)Math.Min(backlog, int.MaxValue), Set = true, Bind = true }
                    : Invalid($"invalid backlog \"{text}\"");
            case "rcvbuf=":
                return Units.Size(value) is { } receive
                    ? options with { ReceiveBuffer = (int)Math.Min(receive, int.MaxValue), Set = true, Bind = true }
                    : Invalid($"invalid rcvbuf \"{text}\"");
            case "sndbuf=":
                return Units.Size(value) is { } send
                    ? options with { SendBuffer = (int)Math.Min(send, int.MaxValue), Set = true, Bind = true }
                    : Invalid($"invalid sndbuf \"{text}\"");
            case "fastopen=":
                if (Units.Number(value) is null)
                {
                    return Invalid($"invalid fastopen \"{text}\"");
                }
                call.Notice("no-effect", "the \"fastopen\" parameter has no effect");
                return options with { Set = true, Bind = true };
            case "ipv6only=":
                return value is "on" or "off"
                    ? options with { Ipv6Only = value == "on", Set = true, Bind = true }
                    : value.StartsWith('o') ? Invalid($"invalid ipv6only flags \"{value}\"") : Unknown();
            case "so_keepalive=":
                return KeepAlive(value, options) ?? Invalid($"invalid so_keepalive value: \"{value}\"");
            case "http2":
                call.Warn("no-http2", "HTTP/2 is not supported by Countersign yet: clients are served HTTP/1.1");
                return options;
            case "quic":
                call.Fail("unsupported-parameter", "the \"quic\" parameter is not supported by Countersign yet", word);
                return null;
            default:
                return Unknown();
        }

        ListenOptions? Unknown()
        {
            call.InvalidParameter(word, Spelling.Advice(text, ["default_server", "ssl", "proxy_protocol", "reuseport", "deferred", "bind"]));
            return null;
        }

        ListenOptions? Invalid(string problem)
        {
            call.Fail("invalid-parameter", problem, word);
            return null;
        }
    }

    private static ListenOptions? KeepAlive(string value, ListenOptions options)
    {
        var set = options with { Set = true, Bind = true, KeepAlive = value != "off" };
        if (value is "on" or "off")
        {
            return set;
        }
        var parts = value.Split(':', 3);
        TimeSpan? idle = null, interval = null;
        long? count = null;
        if ((parts[0].Length > 0 && (idle = Units.Time(parts[0], seconds: true)) is null)
            || (parts.Length > 1 && parts[1].Length > 0 && (interval = Units.Time(parts[1], seconds: true)) is null)
            || (parts.Length > 2 && parts[2].Length > 0 && (count = Units.Number(parts[2])) is null)
            || (idle is null && interval is null && count is null))
        {
            return null;
        }
        return set with { KeepIdle = (int?)idle?.TotalSeconds, KeepInterval = (int?)interval?.TotalSeconds, KeepCount = (int?)count };
    }
}
