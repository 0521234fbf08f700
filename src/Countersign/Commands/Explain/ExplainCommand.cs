using System.CommandLine;
using Countersign.Commands.Incidents;

namespace Countersign.Commands.Explain;

/// <summary><c>countersign explain</c>: the verdict that the gate of a configuration would give, without the gate and without the client.</summary>
internal static class ExplainCommand
{
    public static Command Create()
    {
        var (file, prefix) = RefusalSource.Options();
        var certificate = new Option<string>("--cert") { Description = "the client's certificate, PEM or DER, with its chain if it sends one; \"-\" is standard input", HelpName = "file" };
        var chain = new Option<string[]>("--chain") { Description = "more certificates that the client sends, in this order", HelpName = "file" };
        var none = new Option<bool>("--no-cert") { Description = "the client sends no certificate" };
        var incident = new Option<string>("--incident") { Description = "what the client of this incident sent, as the gate or its ledger keeps it", HelpName = "id" };
        var server = new Option<string>("--server") { Description = "the name that the client asks for in its handshake (SNI)", HelpName = "name" };
        var host = new Option<string>("--host") { Description = "the Host of its request, when that is another name", HelpName = "name" };
        var address = new Option<string>("--address") { Description = "where it connects to, when several addresses listen: 192.0.2.1:443 or 443", HelpName = "address" };
        var at = new Option<string>("--at") { Description = "verify at this moment: 2026-12-24T18:00:00Z or 2026-12-24", HelpName = "time" };
        var withoutLists = new Option<bool>("--without-crl") { Description = "ask for no revocation lists: is it only they that refuse?" };
        var json = new Option<bool>("--json") { Description = "print one object of JSON (docs/guide/explain.md)" };
        var command = new Command("explain", "Print the verdict that a gate would give a client, and why; exits with 0 when it is let in and 1 when not")
        {
            file, prefix, certificate, chain, none, incident, server, host, address, at, withoutLists, json,
        };
        command.SetAction(parsed => ExplainRun.Run(
            new ExplainArguments
            {
                Configuration = ConfigurationFile.Arguments(parsed.GetValue(file), parsed.GetValue(prefix)),
                Certificate = parsed.GetValue(certificate),
                Chain = parsed.GetValue(chain) ?? [],
                HasNone = parsed.GetValue(none),
                Incident = parsed.GetValue(incident),
                Server = parsed.GetValue(server),
                Host = parsed.GetValue(host),
                Address = parsed.GetValue(address),
                At = parsed.GetValue(at),
                WithoutLists = parsed.GetValue(withoutLists),
                Json = parsed.GetValue(json),
            },
            Console.Out,
            Console.IsOutputRedirected,
            Console.Error,
            TimeProvider.System));
        return command;
    }
}
