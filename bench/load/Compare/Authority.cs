using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Countersign.Load.Compare;

/// <summary>Throw-away certificates of one kind of key in a folder: root, intermediate, a server's and a client's leaf with the intermediate behind each.</summary>
internal static class Authority
{
    public const string ServerName = "bench.example.com";

    /// <summary>
    /// Writes server.pem, server.key, client.pem, client.key, bundle.pem (intermediate and root), and stranger.pem and stranger.key of a client that the
    /// bundle does not let in, all of them with <paramref name="keys"/>.
    /// </summary>
    public static void Write(string folder, Keys keys)
    {
        Directory.CreateDirectory(folder);
        using var rootKey = Key(keys);
        using var intermediateKey = Key(keys);
        using var root = Request("CN=Bench Root", rootKey, isAuthority: true).CreateSelfSigned(From, Until);
        using var intermediate = WithKey(Issue(Request("CN=Bench Intermediate", intermediateKey, isAuthority: true), root), intermediateKey);
        File.WriteAllText(Path.Combine(folder, "bundle.pem"), Pem(intermediate) + Pem(root));
        foreach (var (name, subject) in new[] { ("server", $"CN={ServerName}"), ("client", "CN=client 1, OU=Bench, O=Example, C=DE") })
        {
            using var key = Key(keys);
            using var leaf = Issue(Request(subject, key, isAuthority: false), intermediate);
            File.WriteAllText(Path.Combine(folder, name + ".pem"), Pem(leaf) + Pem(intermediate));
            File.WriteAllText(Path.Combine(folder, name + ".key"), key.ExportPkcs8PrivateKeyPem() + "\n");
        }
        WriteStranger(folder, keys);
    }

    // A client of another root, with the intermediate that issued it.
    private static void WriteStranger(string folder, Keys keys)
    {
        using var rootKey = Key(keys);
        using var intermediateKey = Key(keys);
        using var key = Key(keys);
        using var root = Request("CN=Other Root", rootKey, isAuthority: true).CreateSelfSigned(From, Until);
        using var intermediate = WithKey(Issue(Request("CN=Other Intermediate", intermediateKey, isAuthority: true), root), intermediateKey);
        using var leaf = Issue(Request("CN=stranger", key, isAuthority: false), intermediate);
        File.WriteAllText(Path.Combine(folder, "stranger.pem"), Pem(leaf) + Pem(intermediate));
        File.WriteAllText(Path.Combine(folder, "stranger.key"), key.ExportPkcs8PrivateKeyPem() + "\n");
    }

    private static DateTimeOffset From { get; } = TimeProvider.System.GetUtcNow().AddDays(-1);

    private static DateTimeOffset Until { get; } = From.AddDays(30);

    private static AsymmetricAlgorithm Key(Keys keys) => keys == Keys.Rsa2048 ? RSA.Create(2048) : ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private static X509Certificate2 WithKey(X509Certificate2 certificate, AsymmetricAlgorithm key)
    {
        using (certificate)
        {
            return key is RSA rsa ? certificate.CopyWithPrivateKey(rsa) : certificate.CopyWithPrivateKey((ECDsa)key);
        }
    }

    private static CertificateRequest Request(string subject, AsymmetricAlgorithm key, bool isAuthority)
    {
        var request = key is RSA rsa
            ? new CertificateRequest(subject, rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            : new CertificateRequest(subject, (ECDsa)key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(
            isAuthority ? X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign : X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        if (!isAuthority)
        {
            var names = new SubjectAlternativeNameBuilder();
            names.AddDnsName(ServerName);
            request.CertificateExtensions.Add(names.Build());
        }
        return request;
    }

    private static X509Certificate2 Issue(CertificateRequest request, X509Certificate2 issuer)
    {
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(issuer, true, false));
        return request.Create(issuer, From.AddMinutes(1), Until.AddMinutes(-1), RandomNumberGenerator.GetBytes(8));
    }

    private static string Pem(X509Certificate2 certificate) => certificate.ExportCertificatePem() + "\n";
}
