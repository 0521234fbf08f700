using System.Diagnostics;
using System.Globalization;

namespace Countersign.Testing;

/// <summary><c>openssl ocsp</c>, answering for one authority on 127.0.0.1.</summary>
public sealed class OcspResponder : IDisposable
{
    private readonly TemporaryFolder _files;
    private readonly Process _process;

    private OcspResponder(Process process, TemporaryFolder files)
    {
        _process = process;
        _files = files;
    }

    /// <param name="signer">Null is the authority itself.</param>
    /// <param name="good">Those that it knows and has not revoked; whoever is in neither list is unknown.</param>
    public static async Task<OcspResponder> Start(
        Identity authority, int port, IEnumerable<Identity> good, IEnumerable<RevokedCertificate>? revoked = null, Identity? signer = null)
    {
        var files = new TemporaryFolder();
        signer ??= authority;
        var index = string.Concat(good.Select(one => Line('V', one, ""))) + string.Concat((revoked ?? []).Select(one => Line('R', one.Certificate,
            string.Create(CultureInfo.InvariantCulture, $"{one.Since.UtcDateTime:yyMMddHHmmss}Z{Name(one)}"))));
        var process = CommandLine.Start("openssl",
        [
            "ocsp", "-index", files.Write("index.txt", index), "-port", port.ToString(CultureInfo.InvariantCulture), "-ignore_err", "-nmin", "5",
            "-CA", files.Write("ca.pem", authority.Pem), "-rsigner", files.Write("signer.pem", signer.Pem), "-rkey", files.Write("signer.key", signer.KeyPem),
        ]);
        var responder = new OcspResponder(process, files);
        // Whoever connects and says nothing is waited for, so its word has to do.
        while (await process.StandardError.ReadLineAsync(Deadline.Token()) is { } line && !line.Contains("waiting for", StringComparison.Ordinal))
        {
        }
        return responder;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }
        _process.WaitForExit();
        _process.Dispose();
        _files.Dispose();
    }

    private static string Line(char state, Identity identity, string since) => string.Create(CultureInfo.InvariantCulture,
        $"{state}\t{identity.Certificate.NotAfter.ToUniversalTime():yyMMddHHmmss}Z\t{since}\t{identity.Certificate.SerialNumber}\tunknown\t/{identity.Certificate.Subject}\n");

    private static string Name(RevokedCertificate one) => one.Reason is { } reason ? $",{char.ToLowerInvariant(reason.ToString()[0])}{reason.ToString()[1..]}" : "";
}
