using Countersign.Configuration.Resolve;

namespace Countersign.Configuration.Directives;

/// <summary>server_name.</summary>
internal static class ServerNameDirective
{
    public static void Bind(DirectiveCall call)
    {
        var server = (ServerScope)call.Scope;
        for (var i = 1; i <= call.Count; i++)
        {
            var name = call[i];
            if (name.Length == 0)
            {
                Add(server, name);
                continue;
            }
            if ((name[0] == '*' && (name.Length < 3 || name[1] != '.')) || (name[0] == '.' && name.Length < 2))
            {
                call.Fail("invalid-server-name", $"server name \"{name}\" is invalid", i);
                return;
            }
            if (name.Contains('/'))
            {
                call.Warn("suspicious-server-name", $"server name \"{name}\" has suspicious symbols",
                    "A server name is a host name: no scheme, no port, no path.");
            }
            if (name.Equals("$hostname", StringComparison.OrdinalIgnoreCase))
            {
                Add(server, Environment.MachineName.ToLowerInvariant());
                continue;
            }
            if (name[0] != '~')
            {
                Add(server, name.ToLowerInvariant());
                continue;
            }
            if (name.Length == 1)
            {
                call.Fail("invalid-server-name", $"empty regex in server name \"{name}\"", i);
                return;
            }
            // A pattern with a capital letter is matched without regard to case, as nginx does.
            if (call.Regex(name[1..], name.AsSpan(1).ContainsAnyInRange('A', 'Z')) is not { } pattern)
            {
                return;
            }
            server.Names.Add(new ServerName(name, pattern));
            server.FirstName = server.Names.Count == 1 ? name : server.FirstName;
        }
    }

    private static void Add(ServerScope server, string name)
    {
        server.Names.Add(new ServerName(name, null));
        if (server.Names.Count == 1)
        {
            server.FirstName = name.StartsWith('.') ? name[1..] : name;
        }
    }
}
