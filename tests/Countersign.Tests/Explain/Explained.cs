using Countersign.Commands;
using Countersign.Commands.Explain;

namespace Countersign.Tests.Explain;

/// <summary>A configuration with its trust in a folder, and what <c>countersign explain</c> says about it.</summary>
internal sealed class Explained : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public Explained()
    {
        Issuing = Root.Issue("CN=Issuing", CertificateShape.Authority);
        Client = Issuing.Issue("CN=device-7", CertificateShape.Client with { NotAfter = DateTimeOffset.UtcNow.AddDays(20) });
        Write("ca.pem", Issuing.Pem + Root.Pem);
        Write("crl.pem", Root.Crl() + Issuing.Crl());
        Write("client.pem", Client.Pem + Client.KeyPem);
        Configure("ssl_crl crl.pem;");
    }

    public Identity Root { get; } = Identity.SelfSigned("CN=Root");
    public Identity Issuing { get; }
    public Identity Client { get; }
    public string Folder => _folder.Path;

    /// <summary>The usual server with more directives. Its own certificate is nowhere: a verdict does not need it.</summary>
    public void Configure(string more, string others = "") => Write("nginx.conf", $$"""
        events { }
        http {
            server {
                listen 127.0.0.1:8443 ssl;
                server_name api.test;
                ssl_certificate nowhere.pem;
                ssl_certificate_key nowhere.key;
                ssl_client_certificate ca.pem;
                ssl_verify_client on;
                {{more}}
            }
            {{others}}
        }
        """);

    public string Write(string name, string text) => _folder.Write(name, text);

    public string File(string name) => _folder.File(name);

    public (int Code, string Said, string Error) Run(Func<ExplainArguments, ExplainArguments>? with = null)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        ExplainArguments usual = new()
        {
            Configuration = NginxArguments.Parse(["-p", _folder.Path, "-c", "nginx.conf"]),
            Certificate = File("client.pem"),
            Server = "api.test",
        };
        var arguments = with?.Invoke(usual) ?? usual;
        var code = CommandException.Guard(arguments.Json, output, error, () => ExplainRun.Run(arguments, output, isRedirected: true, error, TimeProvider.System));
        return (code, output.ToString(), error.ToString());
    }

    public void Dispose() => _folder.Dispose();
}
