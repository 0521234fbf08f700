using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Countersign.Native;

namespace Countersign.Proxy.Tests;

/// <summary>A certificate made for one test, as the configuration would name it.</summary>
internal static class TestCertificate
{
    public static TlsKeyPair Make()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=backend", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return new TlsKeyPair("data:" + certificate.ExportCertificatePem(), "data:" + key.ExportPkcs8PrivateKeyPem());
    }
}
