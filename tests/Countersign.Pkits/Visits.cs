using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Countersign.Pkits;

/// <summary>
/// Every case over real connections, with the keys that PKITS has for them: nginx and the gate, one process each, with one configuration that has a
/// server for each case.
/// </summary>
public sealed partial class Visits(Ground ground)
{
    /// <summary>The client's key takes its parameters from the issuer's certificate: no library signs with it, and no server reads it.</summary>
    public const string WithoutKey = "4.1.5";

    private readonly Lazy<Task<IReadOnlyDictionary<string, Visit>>> _all = new(() => Pay(ground));

    /// <summary>By the case's number.</summary>
    public Task<IReadOnlyDictionary<string, Visit>> All => _all.Value;

    private static async Task<IReadOnlyDictionary<string, Visit>> Pay(Ground ground)
    {
        using var ports = new Ports();
        await using var nginx = await Start(ground, ServerProgram.Nginx, "127.0.0.2", "", ports);
        await using var gate = await Start(ground, ServerProgram.Countersign, "127.0.0.3", "refusal_log logs/refusal.log; refusal_log_limit 100000;", ports);
        var (there, here) = (new ConcurrentDictionary<string, string>(), new ConcurrentDictionary<string, string>());
        Parallel.ForEach(Expectation.All.Where(one => one.Number != WithoutKey), one =>
        {
            using var context = ground.ClientOf(one);
            there[one.Server] = Client.Ask(nginx.EndPoint("tls"), one.Server, context);
            here[one.Server] = Client.Ask(gate.EndPoint("tls"), one.Server, context);
        });
        var keyless = Expectation.Of(WithoutKey);
        there[keyless.Server] = await Client.Show(nginx.EndPoint("tls"), keyless.Server, ground.Presented(keyless));
        here[keyless.Server] = await Client.Show(gate.EndPoint("tls"), keyless.Server, ground.Presented(keyless));

        var log = nginx.ErrorLog.Read();
        var said = Refusal().Matches(log).ToDictionary(match => match.Groups["server"].Value, match => match.Groups["line"].Value);
        // Of a handshake nginx names no server.
        said.Add(keyless.Server, Failure().Match(log).Groups["line"].Value);
        var records = await Records(gate, here.Values.Count(answer => !answer.StartsWith("HTTP/1.1 200", StringComparison.Ordinal)));
        return Expectation.All.ToDictionary(one => one.Number, one => new Visit
        {
            NginxAnswer = there[one.Server],
            NginxLine = said.GetValueOrDefault(one.Server, ""),
            Answer = here[one.Server],
            Record = records.TryGetValue(one.Server, out var record) ? record : null,
        });
    }

    private static Task<ServerUnderTest> Start(Ground ground, ServerProgram program, string address, string more, Ports ports) => ServerUnderTest.Start(program, new ServerSetup
    {
        Ports = ports,
        Address = IPAddress.Parse(address),
        Configuration = $$"""
            daemon off;
            master_process off;
            pid logs/server.pid;
            error_log logs/error.log info;
            events { worker_connections 256; }
            http {
                access_log off;
                ssl_protocols TLSv1.2 TLSv1.3;
                server_names_hash_max_size 4096;
                client_body_temp_path temp/body;
                proxy_temp_path temp/proxy;
                {{more}}
            {{ground.Servers(Expectation.All, "%%tls%%")}}
            }
            """,
    });

    /// <summary>By server.</summary>
    private static async Task<Dictionary<string, JsonElement>> Records(ServerUnderTest gate, int count)
    {
        var log = new LogFile(Path.Combine(gate.Prefix, "logs/refusal.log"));
        var named = await Deadline.Until(
            () => log.Read().Split('\n')[..^1].Select(line => JsonDocument.Parse(line).RootElement)
                // To find out whether it listens is to connect and say nothing, which is a record of no server.
                .Where(record => record.GetProperty("sni").ValueKind == JsonValueKind.String).ToList() is var all && all.Count >= count ? all : null,
            "every refusal in the log", gate.Evidence);
        return named.ToDictionary(record => record.GetProperty("sni").GetString()!);
    }

    [GeneratedRegex(@"(?<line>client SSL certificate verify error: \([^\n]*?\)) while [^\n]*, server: (?<server>t[\d-]+)")]
    private static partial Regex Refusal();

    [GeneratedRegex(@"(?<line>SSL_do_handshake\(\) failed [^\n]*) while SSL handshaking")]
    private static partial Regex Failure();
}
