using System.Globalization;
using System.Text.RegularExpressions;

namespace Countersign.EndToEnd.Refusals;

/// <summary>
/// The real program with the servers of one test or class, and what it writes about each client that it turns away. Clients come one at a time: a
/// record belongs to whoever came last.
/// </summary>
public sealed partial class RefusalGate : IAsyncDisposable
{
    private static readonly Lazy<Identity> ServerIdentity = new(() => Identity.SelfSigned("CN=gate", CertificateShape.Server));

    private readonly TemporaryFolder _files = new();
    private readonly Ports _ports = new();
    private int _clients;

    private RefusalGate() { }

    public ServerUnderTest Server { get; private set; } = null!;
    public LogFile RefusalLog => new(Path.Combine(Server.Prefix, "logs/refusal.log"));

    /// <summary>A server on the port <c>tls</c> that asks for clients of <c>pki/{bundle}</c>, and tells them what it thinks of them.</summary>
    /// <param name="more">Directives.</param>
    public static string Guarded(string bundle = "bundle.pem", string more = "", string name = "localhost", string verify = "on") =>
        Plain($"ssl_client_certificate pki/{bundle};\nssl_verify_client {verify};\n{more}", name);

    /// <summary>A server on the port <c>tls</c> without more than the directives given.</summary>
    public static string Plain(string directives = "", string name = "localhost") => $$"""
        server {
            listen %%tls%% ssl;
            server_name {{name}};
            ssl_certificate pki/gate.pem;
            ssl_certificate_key pki/gate.key;
            {{directives}}
            location / { return 200 "{{name}} verify=$ssl_client_verify refusal=$refusal_id.\n"; }
        }

        """;

    /// <param name="servers">What stands in http{}.</param>
    /// <param name="files">Of the folder <c>pki</c>; there are <c>gate.pem</c> and <c>gate.key</c> for servers.</param>
    public static async Task<RefusalGate> Open(string servers, params (string Name, string Text)[] files)
    {
        var gate = new RefusalGate();
        try
        {
            gate.Write("gate.pem", ServerIdentity.Value.Pem);
            gate.Write("gate.key", ServerIdentity.Value.KeyPem);
            foreach (var (name, text) in files)
            {
                gate.Write(name, text);
            }
            gate.Server = await ServerUnderTest.Start(ServerProgram.Countersign, new ServerSetup
            {
                Configuration = Gate.Configuration(servers),
                Ports = gate._ports,
                Values = new Dictionary<string, string> { ["pki"] = gate._files.Path },
                Files = prefix => File.CreateSymbolicLink(Path.Combine(prefix, "conf", "pki"), gate._files.Path),
            });
            if (servers.Contains("%%tls%% ssl;", StringComparison.Ordinal))
            {
                // To find out whether it listens is to connect and say nothing, which is the first record.
                await gate.RefusalLog.WaitFor("\n");
            }
            return gate;
        }
        catch
        {
            await gate.DisposeAsync();
            throw;
        }
    }

    /// <summary>The common case: one server that trusts the bundle.</summary>
    public static Task<RefusalGate> Trusting(string more, params Identity[] bundle) => Open(Guarded(more: more), ("bundle.pem", Pem(bundle)));

    public static string Pem(IEnumerable<Identity> certificates) => string.Concat(certificates.Select(each => each.Pem));

    /// <summary>Full path of a file of the folder <c>pki</c>.</summary>
    public string Pki(string name) => _files.File(name);

    /// <summary>Puts a file in the folder <c>pki</c>, in the place of one of that name.</summary>
    public string Write(string name, string text)
    {
        File.Move(_files.Write(name + ".new", text), _files.File(name), overwrite: true);
        return _files.File(name);
    }

    /// <summary>file:line where the configuration has this text.</summary>
    public string At(string text)
    {
        var line = Array.FindIndex(File.ReadAllLines(Server.ConfigurationPath), each => each.Contains(text, StringComparison.Ordinal));
        line.ShouldBeGreaterThanOrEqualTo(0, text);
        return string.Create(CultureInfo.InvariantCulture, $"{Server.ConfigurationPath}:{line + 1}");
    }

    /// <summary>What openssl s_client needs to come as this one and to send exactly these certificates after its own.</summary>
    public SClient As(Identity identity, params Identity[] chain) => As(identity.Pem, identity.KeyPem, Pem(chain));

    /// <param name="pem">The leaf.</param>
    public SClient As(string pem, string key, string chain = "")
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"client-{++_clients}");
        return new SClient
        {
            Certificate = Write(name + ".pem", pem),
            Key = Write(name + ".key", key),
            Chain = chain.Length == 0 ? null : Write(name + "-chain.pem", chain),
            // The client's own security level would keep it from sending what is too weak.
            More = ["-cipher", "DEFAULT@SECLEVEL=0"],
        };
    }

    /// <summary>Asks for / in one closed request, and returns what came back, or what s_client said when nothing did.</summary>
    /// <param name="host">As in the server name, unless given.</param>
    public async Task<string> Answer(SClient client, string? host = null)
    {
        var result = await OpenSsl.Connect(
            Server.EndPoint("tls"), client, $"GET / HTTP/1.1\r\nHost: {host ?? client.ServerName ?? "localhost"}\r\nConnection: close\r\n\r\n");
        return result.Output.Length > 0 ? result.Output : result.Error;
    }

    /// <summary>The client is turned away; the record of it.</summary>
    public Task<RefusalRecord> Refused(SClient client, string? host = null) => Refused(() => Answer(client, host));

    public Task<RefusalRecord> Refused(Identity identity, params Identity[] chain) => Refused(As(identity, chain));

    /// <summary>Whatever the client does, it is turned away; the record of it.</summary>
    /// <param name="connect">Returns what the client got.</param>
    public async Task<RefusalRecord> Refused(Func<Task<string>> connect)
    {
        var log = RefusalLog;
        var before = log.Length;
        var answer = await connect();
        // What the page names; the record of a client before may come that late.
        var incident = Incident().Match(answer).Groups[1].Value;
        var line = await Deadline.Until(
            () => log.Read(before).Split('\n')[..^1].FirstOrDefault(line => line.Contains($"\"incident\":\"{incident}", StringComparison.Ordinal)),
            $"a line in the refusal log{(incident.Length > 0 ? $" with the incident {incident}" : "")}",
            () => $"{answer}\n{Server.Evidence()}");
        var record = new RefusalRecord(line, answer);
        if (incident.Length > 0)
        {
            incident.ShouldBe(record.Incident, "the record is of another client");
        }
        return record;
    }

    /// <summary>The client is let in and nothing is written about it.</summary>
    public async Task<string> Accepted(SClient client, string? host = null)
    {
        var before = RefusalLog.Length;
        var answer = await Answer(client, host);
        answer.ShouldStartWith("HTTP/1.1 200", Case.Sensitive, Server.Evidence());
        answer.ShouldContain("refusal=.");
        RefusalLog.Length.ShouldBe(before, RefusalLog.Read(before));
        return answer;
    }

    public Task<string> Accepted(Identity identity, params Identity[] chain) => Accepted(As(identity, chain));

    public async ValueTask DisposeAsync()
    {
        if (Server is not null)
        {
            await Server.DisposeAsync();
        }
        _files.Dispose();
        _ports.Dispose();
    }

    [GeneratedRegex("<center>incident ([0-9a-f]{16})</center>")]
    private static partial Regex Incident();
}
