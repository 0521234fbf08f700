using Countersign.Configuration.Resolve;

namespace Countersign.Configuration.Directives;

/// <summary>server in upstream.</summary>
internal static class UpstreamServerDirective
{
    public static void Bind(DirectiveCall call)
    {
        int weight = 1, maxConnections = 0, maxFails = 1;
        var failTimeout = TimeSpan.FromSeconds(10);
        bool backup = false, down = false;
        var balance = call.Scope.Own(UpstreamDirectives.Balance)?.Kind ?? BalanceKind.RoundRobin;
        for (var i = 2; i <= call.Count; i++)
        {
            var text = call[i];
            var equals = text.IndexOf('=');
            var (name, value) = equals < 0 ? (text, "") : (text[..(equals + 1)], text[(equals + 1)..]);
            var valid = true;
            switch (name)
            {
                case "weight=":
                    valid = Number(value, out weight) && weight > 0;
                    break;
                case "max_conns=":
                    valid = Number(value, out maxConnections);
                    break;
                case "max_fails=":
                    valid = Number(value, out maxFails);
                    break;
                case "fail_timeout=":
                    valid = Units.Time(value, seconds: true) is not null;
                    failTimeout = Units.Time(value, seconds: true) ?? failTimeout;
                    break;
                case "backup" when balance is BalanceKind.Hash or BalanceKind.IpHash or BalanceKind.Random or BalanceKind.RandomTwo:
                    call.Fail("unsupported-parameter", $"balancing method does not support parameter \"{text}\"", i);
                    return;
                case "backup":
                    backup = true;
                    break;
                case "down":
                    down = true;
                    break;
                case "resolve" or "drain" or "service=" or "route=":
                    call.Fail("unsupported-parameter", $"the \"{name.TrimEnd('=')}\" parameter is not supported by Countersign yet", i);
                    return;
                default:
                    valid = false;
                    break;
            }
            if (!valid)
            {
                call.InvalidParameter(i, Spelling.Advice(name, ["weight=", "max_conns=", "max_fails=", "fail_timeout=", "backup", "down"]));
                return;
            }
        }
        var url = ParsedUrl.Parse(call[1], 80, resolve: call.Session.Options.Resolve);
        if (url.Error is { } error)
        {
            call.Fail(error == "host not found" ? "host-not-found" : "invalid-upstream", $"{error} in upstream \"{call[1]}\"", 1,
                call[1].Contains("://", StringComparison.Ordinal) ? "A server is an address without a scheme; the scheme belongs to proxy_pass." : null);
            return;
        }
        ((UpstreamScope)call.Scope).Servers.Add(new UpstreamServerPlan
        {
            Name = call[1],
            Addresses = url.Addresses,
            Weight = weight,
            MaxConnections = maxConnections,
            MaxFails = maxFails,
            FailTimeout = failTimeout,
            Backup = backup,
            Down = down,
        });
    }

    private static bool Number(string text, out int value)
    {
        var number = Units.Number(text);
        value = (int)Math.Min(number ?? 0, int.MaxValue);
        return number is not null;
    }
}
