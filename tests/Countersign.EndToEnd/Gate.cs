using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Countersign.EndToEnd;

/// <summary>The real program with real sockets, a backend behind it, and a certificate authority made for this one test.</summary>
public sealed class Gate : IAsyncDisposable
{
    private readonly TemporaryFolder _pki = new();
    private readonly Ports _ports = new();

    private Gate()
    {
        Root = Identity.SelfSigned("CN=Test Root");
        Issuing = Root.Issue("CN=Test Issuing", CertificateShape.Authority);
        Client = Issuing.Issue("CN=test client");
        Stranger = Identity.SelfSigned("CN=stranger", CertificateShape.Client);
        ServerIdentity = Root.Issue("CN=localhost", CertificateShape.Server);
        _pki.Write("root.pem", Root.Pem);
        _pki.Write("bundle.pem", Issuing.Pem + Root.Pem);
        Put("client", Client);
        Put("stranger", Stranger);
        Put("server", ServerIdentity);
        _pki.Write("crl.pem", Root.Crl() + Issuing.Crl());
        TlsApp = Backend.Start(new SslServerAuthenticationOptions
        {
            ServerCertificate = X509CertificateLoader.LoadPkcs12(ServerIdentity.WithPrivateKey().Export(X509ContentType.Pkcs12), null),
            ClientCertificateRequired = true,
            // Only the gate's own certificate will do.
            RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.Subject == Client.Certificate.Subject,
        });
    }

    public Identity Root { get; }
    public Identity Issuing { get; }
    public Identity Client { get; }
    public Identity Stranger { get; }
    public Identity ServerIdentity { get; }
    public Backend App { get; } = Backend.Start();

    /// <summary>Speaks TLS, and wants the certificate of <see cref="Client"/>.</summary>
    public Backend TlsApp { get; }
    public ServerUnderTest Server { get; private set; } = null!;

    /// <summary>A server block that wants a client certificate and proxies to the backend, on the port <c>tls</c>.</summary>
    public const string Guarded = """
        server {
            listen %%tls%% ssl;
            server_name localhost;
            ssl_certificate pki/server.pem;
            ssl_certificate_key pki/server.key;
            ssl_client_certificate pki/bundle.pem;
            ssl_verify_client on;
            ssl_verify_depth 2;
            location / { proxy_pass http://%%app%%; }
        }

        """;

    /// <summary>A server block without TLS, on the port <c>http</c>.</summary>
    public const string Plain = """
        server { listen %%http%%; location / { proxy_pass http://%%app%%; } location /static { return 200 "static\n"; } }

        """;

    /// <summary>The usual frame around <paramref name="http"/>.</summary>
    public static string Configuration(string http, string main = "error_log logs/error.log info;", string events = "worker_connections 512;") => $$"""
        daemon off;
        worker_processes 1;
        {{(main.Contains("user ", StringComparison.Ordinal) || Environment.UserName != "root" ? "" : "user root;")}}
        pid logs/server.pid;
        {{main}}
        events { {{events}} }
        http {
            client_body_temp_path temp/body;
            proxy_temp_path temp/proxy;
            access_log logs/access.log;
            ssl_protocols TLSv1.2 TLSv1.3;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
        {{http}}
        }
        """;

    public static async Task<Gate> Open(string configuration, bool listens = true, string shell = "", params string[] arguments)
    {
        var gate = new Gate();
        try
        {
            gate.Server = await ServerUnderTest.Start(ServerProgram.Countersign, gate.Setup(configuration) with
            {
                Listens = listens,
                Shell = shell,
                Arguments = arguments,
            });
            if (listens)
            {
                await gate.Answered();
            }

            return gate;
        }
        catch
        {
            await gate.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs the program on a configuration to its end, as with -t.</summary>
    public static async Task<(int ExitCode, string Said, string Prefix)> Try(string configuration, params string[] arguments)
    {
        await using var gate = await Open(configuration, listens: false, shell: "", arguments);
        var code = await gate.Server.WaitForExit();
        await gate.Server.Process.WaitForExitAsync();
        return (code, gate.Server.Said, gate.Server.Prefix);
    }

    public string Pki(string name) => _pki.File(name);

    /// <summary>Puts a new file in the place of the old one: mainline nginx takes a file of the same inode and second for unchanged.</summary>
    public void WritePki(string name, string text) => File.Move(_pki.Write(name + ".new", text), _pki.File(name), overwrite: true);

    public Task<RawClient> Connect(string port, bool withCertificate = true) => RawClient.Connect(
        Server.EndPoint(port),
        port != "tls" ? null : withCertificate ? new TlsClient { Identity = Client } : new TlsClient());

    /// <summary>One closed GET; the whole answer.</summary>
    public async Task<string> Get(string port, string target = "/", bool withCertificate = true)
    {
        using var client = await Connect(port, withCertificate);
        await client.Send($"GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        return await client.ReadToEnd();
    }

    /// <summary>A backend that takes a request and never answers.</summary>
    public static async Task Stalls(BackendConnection connection)
    {
        await connection.ReadRequest();
        await connection.Stall();
    }

    /// <summary>A client whose request has reached a backend that never answers.</summary>
    public async Task<RawClient> AskInVain(string target)
    {
        App.Handler = Stalls;
        var client = await Connect("http");
        await client.Send($"GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n");
        await Deadline.Until(() => App.Connections == 1, "the request to reach the backend");
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        if (Server is not null)
        {
            await Server.DisposeAsync();
        }

        await App.DisposeAsync();
        await TlsApp.DisposeAsync();
        _pki.Dispose();
        _ports.Dispose();
    }

    /// <summary>A port that accepts is not yet a server that handles signals: nginx loses those that come before its loop.</summary>
    private async Task Answered()
    {
        var port = Server.Setup.ListeningPorts().First();
        using var client = await RawClient.Connect(new IPEndPoint(Server.Setup.Address, port));
        await client.Send("?\r\n\r\n");
        await client.ReadToEnd();
    }

    private static readonly (string Name, string Of)[] SampleFiles =
    [
        ("server.pem", "server.pem"), ("server.key", "server.key"), ("clients-ca.pem", "bundle.pem"), ("clients.crl", "crl.pem"),
        ("gate.pem", "client.pem"), ("gate.key", "client.key"), ("backend-ca.pem", "root.pem"),
    ];

    private ServerSetup Setup(string configuration) => new()
    {
        Configuration = configuration,
        Ports = _ports,
        Values = new Dictionary<string, string> { ["app"] = App.Address, ["tlsapp"] = TlsApp.Address, ["pki"] = _pki.Path },
        Files = prefix =>
        {
            File.CreateSymbolicLink(Path.Combine(prefix, "conf", "pki"), _pki.Path);
            // The names that the samples use.
            var certificates = Path.Combine(prefix, "conf", "certificates");
            Directory.CreateDirectory(certificates);
            foreach (var (name, of) in SampleFiles)
            {
                File.CreateSymbolicLink(Path.Combine(certificates, name), _pki.File(of));
            }
        },
    };

    private void Put(string name, Identity identity)
    {
        _pki.Write(name + ".pem", identity.Pem);
        _pki.Write(name + ".key", identity.KeyPem);
    }
}
