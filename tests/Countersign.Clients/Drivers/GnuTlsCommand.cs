using System.Globalization;
using System.Text;
using Countersign.Clients.Measure;

namespace Countersign.Clients.Drivers;

public sealed class GnuTlsCommand : Driver
{
    public override string Name => "`gnutls-cli`";

    /// <summary>Not as the library's other programs: it answers by a callback of its own, which reads no list.</summary>
    public override string? Stack => null;

    public override string Guess => "GnuTLS";

    public override Task<string> Version() => FirstLine("gnutls-cli", "--version");

    protected override async Task<Seen> Run(Visit visit)
    {
        string[] identity = visit.HasCertificate ? ["--x509certfile", visit.Pem, "--x509keyfile", visit.Pem] : [];
        using var log = new TemporaryFolder();
        using var process = CommandLine.Start("gnutls-cli", [
            "--x509cafile", visit.Credentials.ServerAuthority, .. identity, "--logfile", log.File("log"),
            "--port", visit.Tap.Port.ToString(CultureInfo.InvariantCulture), "localhost"]);
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        // The end of its input would end it: it stays open until the gate has closed.
        await process.StandardInput.BaseStream.WriteAsync(Encoding.Latin1.GetBytes($"GET {Visit.Path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"));
        await process.StandardInput.BaseStream.FlushAsync();
        try
        {
            await process.WaitForExitAsync(Deadline.Token(Longest));
        }
        finally
        {
            process.Kill();
        }
        return new Seen(HttpStatus.Of(await output) ?? $"{(await error).Trim()}, exit code {process.ExitCode}");
    }
}
