using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Countersign.Commands.Demo;

/// <summary>A certificate with its key, able to issue others and to revoke them. Keys are P-256.</summary>
internal sealed class DemoIdentity : IDisposable
{
    public const string ClientPurpose = "1.3.6.1.5.5.7.3.2";
    public const string ServerPurpose = "1.3.6.1.5.5.7.3.1";

    private readonly ECDsa _key;

    private DemoIdentity(X509Certificate2 certificate, ECDsa key)
    {
        Certificate = certificate;
        _key = key;
    }

    public X509Certificate2 Certificate { get; }

    public string Pem => Certificate.ExportCertificatePem() + "\n";

    /// <summary>The private key: for a file of mode 0600, never for the terminal.</summary>
    public string KeyPem => _key.ExportPkcs8PrivateKeyPem() + "\n";

    public static DemoIdentity SelfSigned(string name, DemoShape shape) => Build(name, shape, issuer: null);

    public DemoIdentity Issue(string name, DemoShape shape) => Build(name, shape, this);

    /// <summary>A certificate revocation list in PEM, naming <paramref name="revoked"/>.</summary>
    public string RevocationList(DemoValidity validity, params ReadOnlySpan<DemoIdentity> revoked)
    {
        var list = new CertificateRevocationListBuilder();
        foreach (var identity in revoked)
        {
            list.AddEntry(identity.Certificate.SerialNumberBytes.Span, validity.From);
        }
        var der = list.Build(
            Certificate.SubjectName,
            X509SignatureGenerator.CreateForECDsa(_key),
            crlNumber: 1,
            validity.Until,
            HashAlgorithmName.SHA256,
            X509AuthorityKeyIdentifierExtension.CreateFromSubjectKeyIdentifier(KeyIdentifier(Certificate)),
            validity.From);
        return PemEncoding.WriteString("X509 CRL", der) + "\n";
    }

    public void Dispose()
    {
        Certificate.Dispose();
        _key.Dispose();
    }

    private static DemoIdentity Build(string name, DemoShape shape, DemoIdentity? issuer)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var subject = new X500DistinguishedName("CN=" + name);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        foreach (var extension in Extensions(shape, request.PublicKey, issuer))
        {
            request.CertificateExtensions.Add(extension);
        }
        var certificate = request.Create(
            issuer?.Certificate.SubjectName ?? subject,
            X509SignatureGenerator.CreateForECDsa(issuer?._key ?? key),
            shape.Validity.From,
            shape.Validity.Until,
            SerialNumber());
        return new DemoIdentity(certificate, key);
    }

    private static IEnumerable<X509Extension> Extensions(DemoShape shape, PublicKey key, DemoIdentity? issuer)
    {
        yield return new X509BasicConstraintsExtension(shape.IsAuthority, false, 0, critical: true);
        yield return new X509KeyUsageExtension(
            shape.IsAuthority ? X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign : X509KeyUsageFlags.DigitalSignature, critical: true);
        yield return new X509SubjectKeyIdentifierExtension(key, critical: false);
        if (issuer is not null && shape.NamesIssuerKey)
        {
            yield return X509AuthorityKeyIdentifierExtension.CreateFromSubjectKeyIdentifier(KeyIdentifier(issuer.Certificate));
        }
        if (shape.Purpose is { } purpose)
        {
            yield return new X509EnhancedKeyUsageExtension([new Oid(purpose)], critical: false);
        }
        if (shape.DnsNames.Count > 0)
        {
            var names = new SubjectAlternativeNameBuilder();
            foreach (var dns in shape.DnsNames)
            {
                names.AddDnsName(dns);
            }
            yield return names.Build();
        }
    }

    private static X509SubjectKeyIdentifierExtension KeyIdentifier(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509SubjectKeyIdentifierExtension>().First();

    /// <summary>Positive, as RFC 5280 section 4.1.2.2 asks.</summary>
    private static byte[] SerialNumber()
    {
        var serial = RandomNumberGenerator.GetBytes(16);
        serial[0] = (byte)(serial[0] & 0x3f | 0x40);
        return serial;
    }
}
