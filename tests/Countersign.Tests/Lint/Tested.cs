using System.Text;
using Countersign.Commands;

namespace Countersign.Tests.Lint;

/// <summary>
/// A folder with a gate's certificates, where configurations are tested: <c>bundle.pem</c> with an issuing authority below a root, lists of both in
/// <c>lists.pem</c>, and whatever a test adds.
/// </summary>
internal sealed class Tested : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public Tested()
    {
        Directory.CreateDirectory(_folder.File("logs"));
        Write("server.pem", Server.Pem);
        Write("server.key", Server.KeyPem);
        Write("bundle.pem", Issuing.Pem + Root.Pem);
        Write("lists.pem", Issuing.Crl() + Root.Crl());
    }

    public static Identity Root { get; } = Identity.SelfSigned("CN=Root");
    public static Identity Issuing { get; } = Root.Issue("CN=Issuing", CertificateShape.Authority);
    public static Identity Server { get; } = Root.Issue("CN=gate.example.com", CertificateShape.Server);

    public string Path => _folder.Path;

    public void Write(string name, string text) => _folder.Write(name, text);

    public string File(string name) => _folder.File(name);

    /// <summary>A server on the one address of all, with TLS.</summary>
    public static string TlsServer(string name, string content, string listen = "127.0.0.1:8443 ssl") =>
        $"server {{ listen {listen}; server_name {name}; ssl_certificate server.pem; ssl_certificate_key server.key;\n{content}\n}}\n";

    /// <summary>The same, asking for a certificate of bundle.pem.</summary>
    public static string Gate(string name, string content = "location / { proxy_pass http://127.0.0.1:8080; }", string listen = "127.0.0.1:8443 ssl") =>
        TlsServer(name, $"ssl_client_certificate bundle.pem; ssl_verify_client on;\n{content}", listen);

    /// <summary>What is said of the http block: warnings and what to do about them.</summary>
    public string Http(string http, string options = "-t") => Whole($"events {{ }}\nhttp {{\n{http}}}\n", options);

    public string Whole(string configuration, string options = "-t")
    {
        Write("nginx.conf", configuration);
        using var said = new StringWriter { NewLine = "\n" };
        using var dumped = new MemoryStream();
        var code = TestCommand.Run(NginxArguments.Parse([options, "-p", Path, "-c", "nginx.conf", "-e", "error.log", "-g", "pid gate.pid;"]), said, dumped);
        code.ShouldBe(0, said.ToString() + Encoding.UTF8.GetString(dumped.ToArray()));
        return string.Concat(said.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => !line.EndsWith(" syntax is ok", StringComparison.Ordinal)
            && !line.EndsWith(" test is successful", StringComparison.Ordinal)).Select(line => line + "\n"));
    }

    public void Dispose() => _folder.Dispose();
}
