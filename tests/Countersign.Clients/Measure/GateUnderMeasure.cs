using System.Text.Json;

namespace Countersign.Clients.Measure;

/// <summary>The one gate that all clients visit, with a port for each version of TLS, and what its logs say when it has ended.</summary>
public sealed class GateUnderMeasure : IAsyncDisposable
{
    public static readonly IReadOnlyList<string> Protocols = ["TLSv1.3", "TLSv1.2"];

    private readonly Ports _ports = new();
    private ServerUnderTest _server = null!;

    public static async Task<GateUnderMeasure> Start(Credentials credentials)
    {
        var gate = new GateUnderMeasure();
        gate._server = await ServerUnderTest.Start(ServerProgram.Countersign, new ServerSetup
        {
            Configuration = Configuration,
            Ports = gate._ports,
            Values = new Dictionary<string, string> { ["pki"] = credentials.Folder },
        });
        return gate;
    }

    public Tap Tap(string protocol) => new(_server.EndPoint(protocol.Replace('.', '-')));

    /// <summary>Ends the gate, so that all is written, and reads what it made of every visit, by the client's address.</summary>
    public async Task<IReadOnlyDictionary<string, GateRecord>> Finish()
    {
        await _server.Signal("QUIT");
        await _server.WaitForExit();
        var refusals = RefusalLog().ToLookup(refusal => refusal.Address);
        return _server.AccessLog.Read().Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split('|'))
            .Where(fields => fields[1] == Visit.Path)
            .ToDictionary(fields => fields[0], fields => new GateRecord(
                fields[2], refusals[fields[0]].FirstOrDefault()?.Id ?? "", refusals[fields[0]].FirstOrDefault()?.Presented ?? 0, fields[3]));
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _ports.Dispose();
    }

    private IEnumerable<Refused> RefusalLog() =>
        File.ReadLines(Path.Combine(_server.Prefix, "logs/refusal.log")).Select(line => JsonDocument.Parse(line).RootElement).Select(json => new Refused(
            json.GetProperty("client").GetString()!.Split(':')[0], json.GetProperty("id").GetString()!, json.GetProperty("presented_count").GetInt32()));

    private sealed record Refused(string Address, string Id, int Presented);

    private static string Configuration => $$"""
        daemon off;
        worker_processes 1;
        {{(Environment.UserName == "root" ? "user root;" : "")}}
        pid logs/server.pid;
        error_log logs/error.log info;
        events { }
        http {
            client_body_temp_path temp/body;
            proxy_temp_path temp/proxy;
            log_format visits '$remote_addr|$uri|$ssl_client_verify|$http_user_agent';
            access_log logs/access.log visits;
            refusal_log_limit 1000;
            ssl_certificate %%pki%%/server.pem;
            ssl_certificate_key %%pki%%/server.key;
            ssl_client_certificate %%pki%%/listed.pem;
            ssl_trusted_certificate %%pki%%/trusted.pem;
            ssl_verify_client on;
            ssl_verify_depth 2;
            server { listen %%TLSv1-3%% ssl; ssl_protocols TLSv1.3; location / { return 200 "let in\n"; } }
            server { listen %%TLSv1-2%% ssl; ssl_protocols TLSv1.2; location / { return 200 "let in\n"; } }
        }
        """;
}

/// <summary>What the gate wrote about one visit.</summary>
/// <param name="Verify">$ssl_client_verify.</param>
/// <param name="Refusal">Id; empty when it has none.</param>
/// <param name="Presented">Certificates that came; 0 as well when the client was let in.</param>
public sealed record GateRecord(string Verify, string Refusal, int Presented, string UserAgent);
