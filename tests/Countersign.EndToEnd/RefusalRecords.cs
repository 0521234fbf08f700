using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Countersign.Refusals;

namespace Countersign.EndToEnd;

/// <summary>A client that is turned away leaves the same incident on its page, in the logs, at the gate's socket and in the variables.</summary>
public sealed partial class RefusalRecords
{
    private static readonly string Recorded = Gate.Configuration("""
        log_format refused '$refusal_id $refusal_incident $status';
        access_log logs/refused.log refused;

        """ + Gate.Guarded, "error_log logs/error.log warn;");

    [Fact]
    public async Task The_page_names_an_incident_that_every_record_has()
    {
        await using var gate = await Gate.Open(Recorded);
        var incident = IncidentOf(await Ask(gate, gate.Stranger));

        var line = await WaitFor(gate, "logs/refusal.log", incident);
        using var json = JsonDocument.Parse(line);
        json.RootElement.GetProperty("id").GetString().ShouldBe("chain/self-signed");
        json.RootElement.GetProperty("status").GetInt32().ShouldBe(495);
        json.RootElement.GetProperty("sni").GetString().ShouldBe("localhost");
        json.RootElement.GetProperty("nginx").GetString().ShouldBe("client SSL certificate verify error: (18:self-signed certificate)");
        await gate.Server.ErrorLog.WaitFor($"[warn] ");
        await gate.Server.ErrorLog.WaitFor($"refused (chain/self-signed, incident {incident}): ");
        await WaitFor(gate, "logs/refused.log", $"chain/self-signed {incident} 400");
    }

    [Fact]
    public async Task The_page_is_nginx_s_with_refusal_page_off()
    {
        await using var gate = await Gate.Open(Recorded.Replace("ssl_verify_depth 2;", "ssl_verify_depth 2; refusal_page off;"));
        var answer = await Ask(gate, gate.Stranger);
        answer.ShouldContain("<center><h1>400 Bad Request</h1></center>\r\n<center>The SSL certificate error</center>\r\n<hr>");
        await WaitFor(gate, "logs/refusal.log", "\"id\":\"chain/self-signed\"");
    }

    [Fact]
    public async Task The_page_says_nothing_of_the_reason()
    {
        await using var gate = await Gate.Open(Recorded);
        (await Ask(gate, gate.Stranger)).ShouldNotContain("self-signed");
    }

    [Fact]
    public async Task Who_is_let_in_leaves_no_record()
    {
        await using var gate = await Gate.Open(Recorded);
        (await Ask(gate, gate.Client)).ShouldStartWith("HTTP/1.1 200");
        await WaitFor(gate, "logs/refused.log", "- - 200");
        File.ReadAllText(Path.Combine(gate.Server.Prefix, "logs/refusal.log")).ShouldNotContain("\"sni\":\"localhost\"");
    }

    [Fact]
    public async Task Countersign_incident_prints_one_in_full()
    {
        await using var gate = await Gate.Open(Recorded);
        var incident = IncidentOf(await Ask(gate, gate.Stranger));
        await WaitFor(gate, "logs/refusal.log", incident);

        var text = await Type("incident", incident, "-c", gate.Server.ConfigurationPath, "-p", gate.Server.Prefix);
        text.Error.ShouldBeEmpty();
        text.Output.ShouldStartWith($"chain/self-signed  incident {incident}  ");
        text.Output.ShouldContain("What to do");
        text.Output.ShouldContain(gate.Stranger.Pem.TrimEnd());
        text.Output.ShouldNotContain("\u001b", Case.Sensitive, "a pipe gets no colour");

        var json = await Type("incident", "last", "--json", "-c", gate.Server.ConfigurationPath, "-p", gate.Server.Prefix);
        JsonDocument.Parse(json.Output).RootElement.GetProperty("incident").GetString().ShouldBe(incident);
    }

    [Fact]
    public async Task Countersign_incident_finds_in_the_log_what_the_gate_has_forgotten()
    {
        await using var gate = await Gate.Open(Recorded.Replace("log_format refused", "refusal_ledger 0; log_format refused"));
        var incident = IncidentOf(await Ask(gate, gate.Stranger));
        var line = await WaitFor(gate, "logs/refusal.log", incident);
        var found = await Type("incident", incident[..8], "-c", gate.Server.ConfigurationPath, "-p", gate.Server.Prefix);
        found.Output.ShouldStartWith($"chain/self-signed  incident {incident}  ");
        // As docs/refusals shows it.
        found.Output.ShouldBe(RefusalText.Of(RefusalJsonReader.Read(Encoding.Latin1.GetBytes(line))!));
    }

    [Fact]
    public async Task An_incident_that_nobody_has_ends_with_what_to_type()
    {
        await using var gate = await Gate.Open(Recorded);
        var result = await Type("incident", "00ff", "-c", gate.Server.ConfigurationPath, "-p", gate.Server.Prefix);
        result.ExitCode.ShouldBe(1);
        result.Error.ShouldContain("incident 00ff is not kept");
        result.Error.ShouldContain("\nTry: zgrep 00ff ");
    }

    [Fact]
    public async Task Countersign_tail_without_a_gate_ends_with_what_to_type()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("nginx.conf", "pid logs/x.pid; events { } http { server { listen 1 ssl; ssl_certificate a; ssl_certificate_key b; } }");
        var result = await Type("tail", "-c", file, "-p", folder.Path);
        result.ExitCode.ShouldBe(1);
        result.Error.ShouldBe($"countersign: no gate answers at {folder.Path}/logs/countersign.sock\nTry: countersign -p {folder.Path}/ -c {file}\n");
    }

    [Fact]
    public async Task Countersign_tail_prints_refusals_as_they_happen()
    {
        await using var gate = await Gate.Open(Recorded);
        using var tail = CommandLine.Start(ServerProgram.Countersign.Require(), ["tail", "-c", gate.Server.ConfigurationPath, "-p", gate.Server.Prefix]);
        try
        {
            (await tail.StandardError.ReadLineAsync(Deadline.Token()))!.ShouldStartWith("refusals of the gate at ");
            var incident = IncidentOf(await Ask(gate, gate.Stranger));
            (await tail.StandardOutput.ReadLineAsync(Deadline.Token()))!.ShouldMatch($@"^\S+Z  chain/self-signed  {incident}  127\.0\.0\.1:\d+  ");
        }
        finally
        {
            tail.Kill();
        }
    }

    [Fact]
    public async Task A_rotated_log_is_begun_anew()
    {
        await using var gate = await Gate.Open(Recorded);
        var log = Path.Combine(gate.Server.Prefix, "logs/refusal.log");
        File.Move(log, log + ".1");
        await gate.Server.Signal("USR1");
        await Deadline.Until(() => File.Exists(log), "the log to be begun anew");
        var incident = IncidentOf(await Ask(gate, gate.Stranger));
        await WaitFor(gate, "logs/refusal.log", incident);
        File.ReadAllText(log + ".1").ShouldNotContain(incident);
    }

    [Fact]
    public async Task Names_and_fingerprints_of_a_certificate_are_variables()
    {
        await using var gate = await Gate.Open(Gate.Configuration(Gate.Guarded.Replace(
            "location / { proxy_pass http://%%app%%; }",
            """location / { return 200 "$ssl_client_sha256|$ssl_client_spki_sha256|$ssl_client_san_dns|$ssl_client_san_ip|$ssl_client_san_uri|$ssl_client_chain_depth\n"; }""")));
        using var named = gate.Issuing.Issue("CN=named", CertificateShape.Client with { DnsNames = ["a.example", "b,c.example"], IpAddresses = ["192.0.2.1", "2001:db8::1"] });
        var certificate = named.Certificate;
        var expected = string.Join('|',
            Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(certificate.RawData)),
            Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(certificate.PublicKey.ExportSubjectPublicKeyInfo())),
            "a.example,b%2Cc.example", "192.0.2.1,2001:db8::1", "", "2");
        (await Ask(gate, named)).ShouldEndWith($"{expected}\n");
    }

    private static async Task<string> Ask(Gate gate, Identity identity)
    {
        using var client = await RawClient.Connect(gate.Server.EndPoint("tls"), new TlsClient { Identity = identity });
        await client.Send("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        return await client.ReadToEnd();
    }

    private static string IncidentOf(string answer)
    {
        var incident = Incident().Match(answer);
        incident.Success.ShouldBeTrue(answer);
        return incident.Groups[1].Value;
    }

    private static async Task<string> WaitFor(Gate gate, string log, string text)
    {
        var found = await new LogFile(Path.Combine(gate.Server.Prefix, log)).WaitFor(text);
        return found.Split('\n').First(line => line.Contains(text, StringComparison.Ordinal));
    }

    private static Task<CommandResult> Type(params string[] words) => CommandLine.Run(ServerProgram.Countersign.Require(), words);

    [GeneratedRegex("<center>incident ([0-9a-f]{16})</center>\r\n<hr>")]
    private static partial Regex Incident();
}
