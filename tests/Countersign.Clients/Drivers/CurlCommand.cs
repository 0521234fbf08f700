using Countersign.Clients.Measure;

namespace Countersign.Clients.Drivers;

public sealed class CurlCommand : Driver
{
    public override string Name => "curl";

    public override string Stack => "OpenSSL";

    public override string Guess => "curl";

    public override async Task<string> Version() => (await FirstLine("curl", "--version")).Split(" zlib")[0];

    protected override async Task<Seen> Run(Visit visit)
    {
        string[] identity = visit.HasCertificate ? ["--cert", visit.Pem] : [];
        var result = await Curl.Run([visit.Url, "--cacert", visit.Credentials.ServerAuthority, .. identity, "--output", "/dev/null", "--write-out", "HTTP %{http_code}"]);
        return new Seen(result.ExitCode == 0 ? result.Output : $"{result.Error.Trim()}, exit code {result.ExitCode}");
    }
}
