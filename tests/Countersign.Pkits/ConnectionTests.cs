using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace Countersign.Pkits;

/// <summary>
/// Two cases of each verdict and id over real connections, with the keys that PKITS has for them: nginx and the gate with one configuration that has a
/// server for each case. DSA clients are left out: no signature algorithm that either asks for lets them sign.
/// </summary>
public sealed partial class ConnectionTests(Ground ground) : IClassFixture<Ground>
{
    [Fact]
    public async Task Both_servers_have_the_verdict_of_the_list_and_the_gate_has_its_id()
    {
        ground.Require();
        using var ports = new Ports();
        var cases = Expectation.All.Where(ground.HasRsaKey).GroupBy(one => (one.Error, one.Id)).SelectMany(alike => alike.Take(2)).ToList();
        await using var nginx = await Start(ServerProgram.Nginx, "127.0.0.2", "", cases, ports);
        await using var gate = await Start(ServerProgram.Countersign, "127.0.0.3", "refusal_log logs/refusal.log; refusal_log_limit 100000;", cases, ports);
        var clients = new ConcurrentDictionary<string, SClient>();
        Parallel.ForEach(cases, one => clients[one.Number] = new SClient
        {
            ServerName = one.Server,
            Certificate = ground.PathOf(one.Server + ".pem"),
            Key = ground.WriteKey(one),
            Chain = ground.Presented(one).Count > 1 ? ground.PathOf(one.Server + "-chain.pem") : null,
        });
        var answers = new ConcurrentDictionary<(string, string), string>();
        await Parallel.ForEachAsync(cases.SelectMany(one => new[] { (one, nginx), (one, gate) }), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (pair, _) =>
        {
            var (one, server) = pair;
            var request = $"GET / HTTP/1.1\r\nHost: {one.Server}\r\nConnection: close\r\n\r\n";
            answers[(one.Number, server.Program.Name)] = (await OpenSsl.Connect(server.EndPoint("tls"), clients[one.Number], request)).Output;
        });

        var (said, told, named) = (Errors(nginx), Errors(gate), Ids(gate));
        List<string> wrong = [];
        foreach (var one in cases)
        {
            var status = one.Error == 0 ? "HTTP/1.1 200" : "HTTP/1.1 400";
            var asExpected = answers[(one.Number, "nginx")].StartsWith(status, StringComparison.Ordinal)
                && answers[(one.Number, "countersign")].StartsWith(status, StringComparison.Ordinal)
                && said.GetValueOrDefault(one.Server) == one.Error && told.GetValueOrDefault(one.Server) == one.Error
                && named.GetValueOrDefault(one.Server, "") == one.Id;
            if (!asExpected)
            {
                wrong.Add($"{one.Number} {one.Message}: nginx {said.GetValueOrDefault(one.Server)}, gate {told.GetValueOrDefault(one.Server)} {named.GetValueOrDefault(one.Server)}; expected {one.Error} {one.Id}");
            }
        }
        cases.Count.ShouldBeGreaterThan(25);
        wrong.ShouldBeEmpty();
    }

    private Task<ServerUnderTest> Start(ServerProgram program, string address, string more, IReadOnlyList<Expectation> cases, Ports ports) => ServerUnderTest.Start(program, new ServerSetup
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
                client_body_temp_path temp/body;
                proxy_temp_path temp/proxy;
                {{more}}
            {{ground.Servers(cases, "%%tls%%")}}
            }
            """,
    });

    /// <summary>By server.</summary>
    private static Dictionary<string, int> Errors(ServerUnderTest server) => VerifyError().Matches(server.ErrorLog.Read())
        .ToDictionary(match => match.Groups[2].Value, match => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture));

    private static Dictionary<string, string> Ids(ServerUnderTest server) => Refused().Matches(server.ErrorLog.Read())
        .ToDictionary(match => match.Groups[2].Value, match => match.Groups[1].Value);

    [GeneratedRegex(@"client SSL certificate verify error: \((\d+):[^\n]*, server: (t[\d-]+)")]
    private static partial Regex VerifyError();

    [GeneratedRegex(@"refused \(([a-z/-]+), incident [0-9a-f]+\)[^\n]*, server: (t[\d-]+)")]
    private static partial Regex Refused();
}
