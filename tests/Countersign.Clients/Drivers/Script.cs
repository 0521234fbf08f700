using Countersign.Clients.Measure;

namespace Countersign.Clients.Drivers;

/// <summary>A file of Programs/ that takes URL, authority and PEM, and prints what came.</summary>
public abstract class Script(string interpreter, string file) : Driver
{
    public override string Stack => "OpenSSL";

    public override Task<string> Version() => FirstLine(interpreter, "--version");

    protected override async Task<Seen> Run(Visit visit)
    {
        string[] identity = visit.HasCertificate ? [visit.Pem] : [];
        var result = await CommandLine.Run(interpreter, [Program(file), visit.Url, visit.Credentials.ServerAuthority, .. identity], within: Longest);
        return new Seen(result.Both.Trim());
    }
}

public sealed class Python() : Script("python3", "client.py")
{
    public override string Name => "Python, `urllib.request`";

    public override string Guess => "Python";

    public override async Task<string> Version() => await base.Version() + ", " + await FirstLine("python3", "-c", "import ssl; print(ssl.OPENSSL_VERSION)");
}

public sealed class Node() : Script("node", "client.mjs")
{
    public override string Name => "Node.js, `https`";

    public override string Guess => "OpenSSL";

    public override async Task<string> Version() => "Node.js " + await base.Version() + ", OpenSSL " + await FirstLine("node", "-p", "process.versions.openssl");
}
