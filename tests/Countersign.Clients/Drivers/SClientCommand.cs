using System.Globalization;
using System.Net;
using Countersign.Clients.Measure;

namespace Countersign.Clients.Drivers;

public sealed class SClientCommand : Driver
{
    public override string Name => "`openssl s_client -cert`";

    /// <summary>Not as the library's other programs: it takes the first certificate of a file and leaves the others.</summary>
    public override string? Stack => null;

    public override string Guess => "OpenSSL";

    public override async Task<string> Version() => (await FirstLine("openssl", "version")).Split(" (")[0];

    protected override async Task<Seen> Run(Visit visit)
    {
        var result = await OpenSsl.Connect(
            new IPEndPoint(IPAddress.Loopback, visit.Tap.Port),
            new SClient { Certificate = visit.HasCertificate ? visit.Pem : null, More = ["-CAfile", visit.Credentials.ServerAuthority] },
            string.Create(CultureInfo.InvariantCulture, $"GET {Visit.Path} HTTP/1.1\r\nHost: localhost:{visit.Tap.Port}\r\nConnection: close\r\n\r\n"));
        return new Seen(HttpStatus.Of(result.Output) ?? $"{result.Error.Trim()}, exit code {result.ExitCode}");
    }
}
