using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Countersign.Testing;

public enum KeyKind
{
    P256,
    P384,
    Rsa2048,
    BrainpoolP256,

    /// <summary>P-256, but its parameters written out instead of its name.</summary>
    ExplicitP256,

    /// <summary>Too weak for OpenSSL's security level 2.</summary>
    Rsa1024,
}

/// <summary>What a certificate looks like; the default is a good one for TLS clients.</summary>
public sealed record CertificateShape
{
    public DateTimeOffset NotBefore { get; init; } = DateTimeOffset.UtcNow.AddDays(-1);
    public DateTimeOffset NotAfter { get; init; } = DateTimeOffset.UtcNow.AddDays(365);
    public KeyKind Key { get; init; } = KeyKind.P256;

    /// <summary>Null leaves the extension out.</summary>
    public bool? BasicConstraintsAuthority { get; init; } = false;
    public int? PathLength { get; init; }

    /// <summary>Null leaves the extension out.</summary>
    public X509KeyUsageFlags? KeyUsage { get; init; } = X509KeyUsageFlags.DigitalSignature;

    /// <summary>Object identifiers; null leaves the extension out.</summary>
    public IReadOnlyList<string>? ExtendedKeyUsage { get; init; } = [Oids.ClientAuth];
    public IReadOnlyList<string> DnsNames { get; init; } = [];
    public IReadOnlyList<string> IpAddresses { get; init; } = [];
    public bool SubjectKeyIdentifier { get; init; } = true;
    public bool AuthorityKeyIdentifier { get; init; } = true;
    public IReadOnlyList<X509Extension> Extra { get; init; } = [];

    /// <summary>The hash the issuer signs with; SHA-1 only by an RSA issuer.</summary>
    public HashAlgorithmName Hash { get; init; } = HashAlgorithmName.SHA256;

    /// <summary>Hexadecimal; null draws one.</summary>
    public string? Serial { get; init; }

    public static CertificateShape Client { get; } = new();

    public static CertificateShape Server { get; } = new()
    {
        ExtendedKeyUsage = [Oids.ServerAuth],
        DnsNames = ["localhost", "service.domain.com"],
        IpAddresses = ["127.0.0.1", "127.0.0.2"],
    };

    public static CertificateShape Authority { get; } = new()
    {
        BasicConstraintsAuthority = true,
        KeyUsage = X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign,
        ExtendedKeyUsage = null,
        NotAfter = DateTimeOffset.UtcNow.AddDays(3650),
    };
}

public static class Oids
{
    public const string ClientAuth = "1.3.6.1.5.5.7.3.2";
    public const string ServerAuth = "1.3.6.1.5.5.7.3.1";
    public const string AnyUsage = "2.5.29.37.0";
    public const string OcspSigning = "1.3.6.1.5.5.7.3.9";
}
