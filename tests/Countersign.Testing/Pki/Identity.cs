using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Countersign.Testing;

/// <summary>A certificate, its private key, and what it needs to issue others.</summary>
public sealed class Identity : IDisposable
{
    private readonly X509SignatureGenerator _signer;

    private Identity(X509Certificate2 certificate, AsymmetricAlgorithm key)
    {
        Certificate = certificate;
        Key = key;
        _signer = SignerOf(key);
    }

    /// <summary>Without the private key.</summary>
    public X509Certificate2 Certificate { get; }
    public AsymmetricAlgorithm Key { get; }
    public string Pem => Certificate.ExportCertificatePem() + "\n";
    public string KeyPem => Key.ExportPkcs8PrivateKeyPem() + "\n";

    public static Identity SelfSigned(string subject, CertificateShape? shape = null, AsymmetricAlgorithm? key = null)
    {
        key ??= NewKey((shape ?? CertificateShape.Authority).Key);
        return Build(subject, shape ?? CertificateShape.Authority, key, null);
    }

    /// <summary>Issues a certificate; with <paramref name="key"/> an existing key gets another certificate (cross-signing, renewal).</summary>
    public Identity Issue(string subject, CertificateShape? shape = null, AsymmetricAlgorithm? key = null)
    {
        shape ??= CertificateShape.Client;
        return Build(subject, shape, key ?? NewKey(shape.Key), this);
    }

    /// <summary>An X.509 version 1 certificate: no extensions at all, so nothing says whether it may issue.</summary>
    public Identity IssueVersion1(string subject)
    {
        var key = NewKey(KeyKind.P256);
        var der = Version1.Encode(subject, new PublicKey(key), Certificate.SubjectName, _signer);
        return new Identity(X509CertificateLoader.LoadCertificate(der), key);
    }

    /// <summary>
    /// A PEM CRL over the given certificates, signed with this key under this name; <paramref name="keyOf"/> is the
    /// certificate whose key identifier it claims, when that is not its own.
    /// </summary>
    public string Crl(
        IEnumerable<Identity>? revoked = null,
        DateTimeOffset? thisUpdate = null,
        DateTimeOffset? nextUpdate = null,
        int number = 1,
        Identity? keyOf = null)
    {
        var builder = new CertificateRevocationListBuilder();
        foreach (var identity in revoked ?? [])
        {
            builder.AddEntry(identity.Certificate.SerialNumberBytes.Span, DateTimeOffset.UtcNow.AddDays(-1));
        }

        var der = builder.Build(
            Certificate.SubjectName,
            _signer,
            number,
            nextUpdate ?? DateTimeOffset.UtcNow.AddDays(30),
            HashAlgorithmName.SHA256,
            X509AuthorityKeyIdentifierExtension.CreateFromSubjectKeyIdentifier(SubjectKeyIdentifierOf((keyOf ?? this).Certificate)),
            thisUpdate ?? DateTimeOffset.UtcNow.AddHours(-1));
        return new string(PemEncoding.Write("X509 CRL", der)) + "\n";
    }

    /// <summary>A PEM CRL of any shape.</summary>
    public string Crl(CrlShape shape)
    {
        var identifier = SubjectKeyIdentifierOf((shape.KeyOf ?? this).Certificate).SubjectKeyIdentifierBytes.ToArray();
        return new string(PemEncoding.Write("X509 CRL", shape.Encode(Certificate.SubjectName, identifier, _signer))) + "\n";
    }

    /// <summary>An OCSP response about a certificate of this authority, in DER.</summary>
    public byte[] StatusOf(Identity certificate, OcspShape? shape = null) => (shape ?? new OcspShape()).Encode(this, certificate);

    /// <summary>AlgorithmIdentifier in DER, and the signature over SHA-256.</summary>
    internal (byte[] Algorithm, byte[] Signature) Sign(byte[] data) =>
        (_signer.GetSignatureAlgorithmIdentifier(HashAlgorithmName.SHA256), _signer.SignData(data, HashAlgorithmName.SHA256));

    /// <summary>The PEM of a certificate with other bytes in the place of some, signed again: what no builder lets through.</summary>
    /// <param name="was">Latin-1, found exactly once; <paramref name="becomes"/> is as long.</param>
    public string Alter(Identity issued, string was, string becomes)
    {
        var parts = new AsnReader(issued.Certificate.RawData, AsnEncodingRules.DER).ReadSequence();
        var body = Encoding.Latin1.GetString(parts.ReadEncodedValue().Span);
        if (body.Split(was).Length != 2 || was.Length != becomes.Length)
        {
            throw new ArgumentException($"{was} is not there once, or not as long as {becomes}");
        }

        var signed = Encoding.Latin1.GetBytes(body.Replace(was, becomes, StringComparison.Ordinal));
        var whole = new AsnWriter(AsnEncodingRules.DER);
        using (whole.PushSequence())
        {
            whole.WriteEncodedValue(signed);
            whole.WriteEncodedValue(parts.ReadEncodedValue().Span);
            whole.WriteBitString(_signer.SignData(signed, HashAlgorithmName.SHA256));
        }

        return new string(PemEncoding.Write("CERTIFICATE", whole.Encode())) + "\n";
    }

    public X509Certificate2 WithPrivateKey() => Key switch
    {
        RSA rsa => Certificate.CopyWithPrivateKey(rsa),
        ECDsa ec => Certificate.CopyWithPrivateKey(ec),
        _ => throw new NotSupportedException(Key.GetType().Name),
    };

    public static AsymmetricAlgorithm NewKey(KeyKind kind) => kind switch
    {
        KeyKind.P256 => ECDsa.Create(ECCurve.NamedCurves.nistP256),
        KeyKind.P384 => ECDsa.Create(ECCurve.NamedCurves.nistP384),
        KeyKind.Rsa2048 => RSA.Create(2048),
        KeyKind.Rsa1024 => RSA.Create(1024),
        KeyKind.BrainpoolP256 => ECDsa.Create(ECCurve.NamedCurves.brainpoolP256r1),
        KeyKind.ExplicitP256 => Explicit(),
    };

    public void Dispose()
    {
        Certificate.Dispose();
        Key.Dispose();
    }

    private static ECDsa Explicit()
    {
        using var named = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return ECDsa.Create(named.ExportExplicitParameters(includePrivateParameters: true));
    }

    private static Identity Build(string subject, CertificateShape shape, AsymmetricAlgorithm key, Identity? issuer)
    {
        var name = new X500DistinguishedName(subject);
        var publicKey = new PublicKey(key);
        var request = new CertificateRequest(name, publicKey, shape.Hash);
        var identifier = new X509SubjectKeyIdentifierExtension(publicKey, critical: false);
        Extend(request, shape, identifier, issuer);

        byte[] serial = shape.Serial is null ? RandomNumberGenerator.GetBytes(8) : Convert.FromHexString(shape.Serial);
        serial[0] &= 0x7f;
        var signer = issuer?._signer ?? SignerOf(key);
        if (shape.Hash == HashAlgorithmName.SHA1)
        {
            signer = new Sha1Signer((RSA)(issuer?.Key ?? key));
        }

        var certificate = request.Create(
            issuer?.Certificate.SubjectName ?? name, signer, shape.NotBefore, shape.NotAfter, serial);
        return new Identity(certificate, key);
    }

    private static void Extend(
        CertificateRequest request, CertificateShape shape, X509SubjectKeyIdentifierExtension identifier, Identity? issuer)
    {
        var extensions = request.CertificateExtensions;
        if (shape.BasicConstraintsAuthority is { } authority)
        {
            extensions.Add(new X509BasicConstraintsExtension(authority, shape.PathLength is not null, shape.PathLength ?? 0, true));
        }

        if (shape.KeyUsage is { } usage)
        {
            extensions.Add(new X509KeyUsageExtension(usage, critical: true));
        }

        if (shape.ExtendedKeyUsage is { } extended)
        {
            var oids = new OidCollection();
            foreach (var oid in extended)
            {
                oids.Add(new Oid(oid));
            }

            extensions.Add(new X509EnhancedKeyUsageExtension(oids, critical: false));
        }

        if (shape.SubjectKeyIdentifier)
        {
            extensions.Add(identifier);
        }

        if (shape.AuthorityKeyIdentifier && issuer is not null)
        {
            extensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromSubjectKeyIdentifier(SubjectKeyIdentifierOf(issuer.Certificate)));
        }

        if (shape.DnsNames.Count + shape.IpAddresses.Count > 0)
        {
            var names = new SubjectAlternativeNameBuilder();
            shape.DnsNames.ToList().ForEach(names.AddDnsName);
            shape.IpAddresses.Select(System.Net.IPAddress.Parse).ToList().ForEach(names.AddIpAddress);
            extensions.Add(names.Build());
        }

        shape.Extra.ToList().ForEach(extensions.Add);
    }

    private static X509SubjectKeyIdentifierExtension SubjectKeyIdentifierOf(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509SubjectKeyIdentifierExtension>().FirstOrDefault()
        ?? new X509SubjectKeyIdentifierExtension(certificate.PublicKey, critical: false);

    private static X509SignatureGenerator SignerOf(AsymmetricAlgorithm key) => key switch
    {
        RSA rsa => X509SignatureGenerator.CreateForRSA(rsa, RSASignaturePadding.Pkcs1),
        ECDsa ec => X509SignatureGenerator.CreateForECDsa(ec),
        _ => throw new NotSupportedException(key.GetType().Name),
    };
}
