using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Countersign.EndToEnd.Probing;

/// <summary>Servers of several makes with one fresh PKI, and <c>countersign probe</c> against them.</summary>
public sealed class ProbeStand : IAsyncDisposable
{
    private readonly TemporaryFolder _files = new();
    private readonly Ports _ports = new();
    private readonly List<Process> _processes = [];
    private readonly List<ServerUnderTest> _servers = [];

    public ProbeStand()
    {
        Root = Identity.SelfSigned("CN=Probe Root");
        Issuing = Root.Issue("CN=Probe Issuing", CertificateShape.Authority);
        Client = Issuing.Issue("CN=probe client");
        ServerIdentity = Issuing.Issue("CN=localhost", CertificateShape.Server);
        Write("root.pem", Root.Pem);
        Write("bundle.pem", Root.Pem + Issuing.Pem);
        Write("issuing.pem", Issuing.Pem);
        Write("server.pem", ServerIdentity.Pem + Issuing.Pem);
        Write("server.key", ServerIdentity.KeyPem);
        Put("client", Client, Issuing);
    }

    public Identity Root { get; }
    public Identity Issuing { get; }
    public Identity Client { get; }
    public Identity ServerIdentity { get; }

    public string this[string file] => _files.File(file);

    public string Write(string name, string text) => _files.Write(name, text);

    /// <summary>NAME.pem with the chain, and NAME.key.</summary>
    public void Put(string name, Identity identity, params Identity[] chain)
    {
        Write(name + ".pem", string.Concat(chain.Prepend(identity).Select(each => each.Pem)));
        Write(name + ".key", identity.KeyPem);
    }

    /// <summary>A server block of nginx's, on the port <c>tls</c>.</summary>
    /// <param name="trust">File of ssl_client_certificate.</param>
    public static string Server(string trust = "bundle.pem", string more = "ssl_verify_client on; ssl_verify_depth 3;", string name = "localhost") => $$"""
        server {
            listen %%tls%% ssl;
            server_name {{name}};
            ssl_certificate pki/server.pem;
            ssl_certificate_key pki/server.key;
            ssl_client_certificate pki/{{trust}};
            {{more}}
            location / { return 200 "welcome\n"; }
        }

        """;

    /// <returns>HOST:PORT of the port <c>tls</c>.</returns>
    public async Task<string> Start(ServerProgram program, string servers)
    {
        var server = await ServerUnderTest.Start(program, new ServerSetup
        {
            Configuration = Gate.Configuration(servers),
            Ports = _ports,
            Values = new Dictionary<string, string> { ["pki"] = _files.Path },
            Files = prefix => File.CreateSymbolicLink(Path.Combine(prefix, "conf", "pki"), _files.Path),
        });
        _servers.Add(server);
        return Target("tls");
    }

    /// <summary><c>openssl s_server</c> that answers a request with its page.</summary>
    public async Task<string> StartOpenSsl(params string[] arguments)
    {
        await StartOpenSsl(answers: true, _ => { }, arguments);
        return Target("s_server");
    }

    /// <param name="answers">Otherwise it listens to its standard input.</param>
    /// <param name="hear">Each line that it prints.</param>
    public async Task<Process> StartOpenSsl(bool answers, Action<string> hear, params string[] arguments)
    {
        var port = _ports["s_server"];
        var process = CommandLine.Start(
            "openssl", ["s_server", "-accept", $"127.0.0.1:{port}", "-cert", this["server.pem"], "-key", this["server.key"], "-cert_chain", this["issuing.pem"], .. answers ? (string[])["-www"] : [], .. arguments]);
        _processes.Add(process);
        process.OutputDataReceived += (_, line) => hear(line.Data ?? "");
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await Deadline.Until(() => Accepts(port), "openssl s_server to listen");
        return process;
    }

    public string Target(string port) => string.Create(CultureInfo.InvariantCulture, $"localhost:{_ports[port]}");

    /// <summary>With a certificate that was <see cref="Put"/>.</summary>
    public string[] With(string name) => ["--cert", this[name + ".pem"], "--key", this[name + ".key"]];

    public Task<CommandResult> Type(string target, params string[] arguments) =>
        CommandLine.Run(ServerProgram.Countersign.Require(), ["probe", target, .. arguments], within: TimeSpan.FromSeconds(60));

    public async Task<ProbeResult> Probe(string target, params string[] arguments)
    {
        var result = await Type(target, ["--json", .. arguments.Contains("--ca") ? [] : (string[])["--ca", this["root.pem"]], .. arguments]);
        result.Error.ShouldBeEmpty();
        return new ProbeResult(result.ExitCode, JsonDocument.Parse(result.Output).RootElement);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers)
        {
            await server.DisposeAsync();
        }
        foreach (var process in _processes)
        {
            process.Kill(entireProcessTree: true);
            process.Dispose();
        }
        foreach (var identity in (Identity[])[Root, Issuing, Client, ServerIdentity])
        {
            identity.Dispose();
        }
        _files.Dispose();
        _ports.Dispose();
    }

    private static bool Accepts(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}

/// <summary>What a probe printed with <c>--json</c>.</summary>
public sealed record ProbeResult(int ExitCode, JsonElement Json)
{
    public string? Reason => Json.GetProperty("verdict").GetProperty("reason").GetString();

    public string? Confidence => Json.GetProperty("verdict").GetProperty("confidence").GetString();

    public string Why => Json.GetProperty("verdict").GetProperty("why").GetString()!;

    public bool IsLetIn => Json.GetProperty("verdict").GetProperty("let_in").GetBoolean();

    public JsonElement Request => Json.GetProperty("request");

    public JsonElement Server => Json.GetProperty("server");

    /// <summary>The connection that counts.</summary>
    public JsonElement Decisive => Connections.LastOrDefault(one => one.GetProperty("with_certificate").GetBoolean(), Connections[0]);

    public IReadOnlyList<JsonElement> Connections => [.. Json.GetProperty("connections").EnumerateArray()];

    public IReadOnlyList<string> Findings =>
        [.. Json.GetProperty("certificate").GetProperty("findings").EnumerateArray().Select(finding => finding.GetProperty("reason").GetString()!)];

    /// <summary>Reason of a kind of client; null when it sends.</summary>
    public string? Withheld(string client) => Json.GetProperty("certificate").GetProperty("clients").EnumerateArray()
        .Single(one => one.GetProperty("name").GetString() == client).GetProperty("reason").GetString();

    public static IReadOnlyList<string?> Texts(JsonElement list) => [.. list.EnumerateArray().Select(one => one.GetString())];
}
