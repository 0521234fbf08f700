namespace Countersign.Native.Tests.OpenSsl;

/// <summary>A root, a server, a client and their files, made once for a test.</summary>
internal sealed class TlsPki : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public TlsPki()
    {
        Root = Identity.SelfSigned("CN=Root");
        Server = Root.Issue("CN=server.example", CertificateShape.Server);
        Client = Root.Issue("CN=Client,O=Example");
        RootFile = Write("root.pem", Root.Pem);
        ServerPair = Pair("server", Server);
        ClientPair = Pair("client", Client);
    }

    public Identity Root { get; }

    public Identity Server { get; }

    public Identity Client { get; }

    public string RootFile { get; }

    public TlsKeyPair ServerPair { get; }

    public TlsKeyPair ClientPair { get; }

    public string Write(string name, string text) => _folder.Write(name, text);

    public string Missing(string name) => _folder.File(name);

    public TlsKeyPair Pair(string name, Identity identity, params Identity[] chain) =>
        new(Write($"{name}.pem", string.Concat(chain.Prepend(identity).Select(each => each.Pem))), Write($"{name}.key", identity.KeyPem));

    public TlsServerOptions ServerOptions(TlsProtocols protocols = TlsProtocols.Tls12 | TlsProtocols.Tls13) => new()
    {
        Certificates = [ServerPair],
        Protocols = protocols,
        VerifyMode = TlsVerifyMode.On,
        ClientCertificate = RootFile,
    };

    public void Dispose()
    {
        Root.Dispose();
        Server.Dispose();
        Client.Dispose();
        _folder.Dispose();
    }
}
