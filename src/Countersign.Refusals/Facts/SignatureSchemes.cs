using System.Globalization;

namespace Countersign.Refusals;

/// <summary>SignatureScheme of RFC 8446 section 4.2.3: what they are called, and which of them a key can make.</summary>
public static class SignatureSchemes
{
    /// <summary>RFC 8446's name, or the number in hexadecimal.</summary>
    public static string Name(int scheme) => scheme switch
    {
        0x0101 => "rsa_pkcs1_md5",
        0x0201 => "rsa_pkcs1_sha1",
        0x0202 => "dsa_sha1",
        0x0203 => "ecdsa_sha1",
        0x0301 => "rsa_pkcs1_sha224",
        0x0302 => "dsa_sha224",
        0x0303 => "ecdsa_sha224",
        0x0401 => "rsa_pkcs1_sha256",
        0x0402 => "dsa_sha256",
        0x0403 => "ecdsa_secp256r1_sha256",
        0x0501 => "rsa_pkcs1_sha384",
        0x0502 => "dsa_sha384",
        0x0503 => "ecdsa_secp384r1_sha384",
        0x0601 => "rsa_pkcs1_sha512",
        0x0602 => "dsa_sha512",
        0x0603 => "ecdsa_secp521r1_sha512",
        0x0804 => "rsa_pss_rsae_sha256",
        0x0805 => "rsa_pss_rsae_sha384",
        0x0806 => "rsa_pss_rsae_sha512",
        0x0807 => "ed25519",
        0x0808 => "ed448",
        0x0809 => "rsa_pss_pss_sha256",
        0x080a => "rsa_pss_pss_sha384",
        0x080b => "rsa_pss_pss_sha512",
        0x081a => "ecdsa_brainpoolP256r1tls13_sha256",
        0x081b => "ecdsa_brainpoolP384r1tls13_sha384",
        0x081c => "ecdsa_brainpoolP512r1tls13_sha512",
        0x0904 => "mldsa44",
        0x0905 => "mldsa65",
        0x0906 => "mldsa87",
        _ => "0x" + scheme.ToString("x4", CultureInfo.InvariantCulture),
    };

    /// <summary>
    /// What the key of a certificate can sign a handshake with, best first. TLS 1.3 ties a scheme to one curve and has ended PKCS #1 v1.5 and SHA-1
    /// (RFC 8446 section 4.2.3). Empty for a key that TLS has no scheme for.
    /// </summary>
    public static IReadOnlyList<int> OfKey(CertificateFacts certificate, bool isTls13) => certificate.KeyAlgorithm switch
    {
        "1.2.840.113549.1.1.1" when isTls13 => [0x0804, 0x0805, 0x0806],
        "1.2.840.113549.1.1.1" => [0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601, 0x0301, 0x0201, 0x0101],
        "1.2.840.113549.1.1.10" => [0x0809, 0x080a, 0x080b],
        "1.2.840.10045.2.1" when isTls13 => OfCurve(certificate.Curve),
        "1.2.840.10045.2.1" => [0x0403, 0x0503, 0x0603, 0x0303, 0x0203],
        "1.2.840.10040.4.1" when !isTls13 => [0x0402, 0x0502, 0x0602, 0x0302, 0x0202],
        "1.3.101.112" => [0x0807],
        "1.3.101.113" => [0x0808],
        "2.16.840.1.101.3.4.3.17" when isTls13 => [0x0904],
        "2.16.840.1.101.3.4.3.18" when isTls13 => [0x0905],
        "2.16.840.1.101.3.4.3.19" when isTls13 => [0x0906],
        _ => [],
    };

    /// <summary>ClientCertificateType of TLS 1.2 and below (RFC 5246 section 7.4.4, RFC 8422 section 5.5).</summary>
    public static string CertificateTypeName(int type) => type switch
    {
        1 => "rsa_sign",
        2 => "dss_sign",
        3 => "rsa_fixed_dh",
        4 => "dss_fixed_dh",
        64 => "ecdsa_sign",
        65 => "rsa_fixed_ecdh",
        66 => "ecdsa_fixed_ecdh",
        _ => type.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>The type that a certificate with that key goes by in TLS 1.2; Ed25519 is of ecdsa_sign (RFC 8422 section 5.10). 0 for none.</summary>
    public static int CertificateType(CertificateFacts certificate) => certificate.KeyAlgorithm switch
    {
        "1.2.840.113549.1.1.1" or "1.2.840.113549.1.1.10" => 1,
        "1.2.840.10040.4.1" => 2,
        "1.2.840.10045.2.1" or "1.3.101.112" or "1.3.101.113" => 64,
        _ => 0,
    };

    private static IReadOnlyList<int> OfCurve(string curve) => curve switch
    {
        "1.2.840.10045.3.1.7" => [0x0403],
        "1.3.132.0.34" => [0x0503],
        "1.3.132.0.35" => [0x0603],
        "1.3.36.3.3.2.8.1.1.7" => [0x081a],
        "1.3.36.3.3.2.8.1.1.11" => [0x081b],
        "1.3.36.3.3.2.8.1.1.13" => [0x081c],
        _ => [],
    };
}
