namespace Countersign.Commands.Demo;

/// <summary>The temporary folder with everything of one demonstration; only its owner may look inside (mode 0700).</summary>
internal sealed class DemoFolder : IDisposable
{
    public DemoFolder()
    {
        Path = Directory.CreateTempSubdirectory("countersign-demo-").FullName;
        foreach (var folder in (string[])["logs", "temp", "clients", "ssl/wildcard", "ssl/client.certificates"])
        {
            Directory.CreateDirectory(File(folder));
        }
    }

    public string Path { get; }

    public string ErrorLog => File("logs/error.log");

    /// <summary>Where Countersign has it unless told otherwise; other servers have none.</summary>
    public string RefusalLog => File("logs/refusal.log");

    public string RootCertificate => File("ssl/ca.crt");

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public string ClientCertificate(string client) => File($"clients/{client}.crt");

    public string ClientKey(string client) => File($"clients/{client}.key");

    public void Write(DemoAuthority authority)
    {
        Write("ssl/ca.crt", authority.RootPem);
        Write("ssl/wildcard/server.crt", authority.Server.ChainPem);
        Write("ssl/wildcard/server.key", authority.Server.KeyPem);
        Write("ssl/client.certificates/client_package.cer", authority.Bundle);
        Write("ssl/client.certificates/crl.pem", authority.RevocationLists);
        Write("ssl/client.certificates/crl-expired.pem", authority.ExpiredRevocationLists);
        foreach (var (name, client) in authority.Clients)
        {
            Write($"clients/{name}.crt", client.ChainPem);
            Write($"clients/{name}.key", client.KeyPem);
        }
    }

    public void Write(string name, string text)
    {
        using var file = new FileStream(File(name), new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        using var writer = new StreamWriter(file);
        writer.Write(text);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
