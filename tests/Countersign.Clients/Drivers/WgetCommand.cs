using Countersign.Clients.Measure;

namespace Countersign.Clients.Drivers;

public sealed class WgetCommand : Driver
{
    public override string Name => "wget";

    public override string Stack => "GnuTLS";

    public override string Guess => "Wget";

    public override Task<string> Version() => FirstLine("wget", "--version");

    protected override async Task<Seen> Run(Visit visit)
    {
        string[] identity = visit.HasCertificate ? ["--certificate", visit.Pem, "--private-key", visit.Pem] : [];
        var result = await CommandLine.Run("wget", [
            "--no-config", "--no-proxy", "--no-verbose", "--server-response", "--tries=1", "--timeout=20", "--output-document=/dev/null",
            "--ca-certificate", visit.Credentials.ServerAuthority, .. identity, visit.Url], within: Longest);
        var words = HttpStatus.Of(result.Error) ?? result.Error.Trim();
        return new Seen(result.ExitCode == 0 ? words : $"{words}, exit code {result.ExitCode}");
    }
}
