using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Countersign.EndToEnd.Refusals;

/// <summary>Certificates with one fault, and their facts as a record writes them.</summary>
internal static class Shapes
{
    public static CertificateShape Expired { get; } = CertificateShape.Client with
    {
        NotBefore = DateTimeOffset.UtcNow.AddDays(-30),
        NotAfter = DateTimeOffset.UtcNow.AddDays(-2),
    };

    public static CertificateShape ExpiredAuthority { get; } = CertificateShape.Authority with
    {
        NotBefore = DateTimeOffset.UtcNow.AddDays(-30),
        NotAfter = DateTimeOffset.UtcNow.AddDays(-2),
    };

    /// <summary>The PEM of an authority as TRUSTED CERTIFICATE, marked by openssl x509.</summary>
    public static async Task<string> Trusted(Identity authority, params string[] how)
    {
        using var folder = new TemporaryFolder();
        var result = await OpenSsl.Run(["x509", "-in", folder.Write("plain.pem", authority.Pem), "-trustout", .. how]);
        result.ExitCode.ShouldBe(0, result.Both);
        return result.Output;
    }

    public static string KeyId(Identity identity) => identity.Certificate.Extensions.OfType<X509SubjectKeyIdentifierExtension>().Single().SubjectKeyIdentifier!;

    public static string Sha256(Identity identity) => Convert.ToHexStringLower(SHA256.HashData(identity.Certificate.RawData));

    public static string Moment(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
