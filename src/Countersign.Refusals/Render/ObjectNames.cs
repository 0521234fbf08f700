namespace Countersign.Refusals;

/// <summary>Object identifiers as people know them.</summary>
public static class ObjectNames
{
    /// <summary>The name with the number, or the number alone: nobody has to look one up to search for the other.</summary>
    public static string Of(string identifier) => NameOf(identifier) is { } name ? $"{name} ({identifier})" : identifier;

    public static string Of(IReadOnlyList<string> identifiers) =>
        identifiers.Count == 0 ? "nothing" : string.Join(", ", identifiers.Take(16).Select(identifier => NameOf(identifier) ?? identifier));

    /// <summary><c>RSA 2048 bits</c>, <c>EC P-256</c>.</summary>
    public static string Key(CertificateFacts certificate)
    {
        var kind = NameOf(certificate.KeyAlgorithm) ?? certificate.KeyAlgorithm;
        return certificate.Curve.Length > 0 ? $"{kind} {NameOf(certificate.Curve) ?? certificate.Curve}"
            : certificate.KeyAlgorithm == "1.2.840.10045.2.1" ? $"{kind} with a curve given by its parameters"
            : certificate.KeyBits > 0 ? $"{kind} {certificate.KeyBits} bits" : kind;
    }

    /// <summary>X509_supported_extension() of OpenSSL 3: a critical extension of another kind is an error.</summary>
    public static bool IsHandled(string extension) => extension is "2.16.840.1.113730.1.1" or "2.5.29.15" or "2.5.29.17" or "2.5.29.19" or "2.5.29.32"
        or "2.5.29.31" or "2.5.29.37" or "1.3.6.1.5.5.7.1.7" or "1.3.6.1.5.5.7.1.8" or "2.5.29.36" or "2.5.29.30" or "2.5.29.33" or "2.5.29.54" or "1.3.6.1.5.5.7.1.14";

    /// <summary>A kind of key that OpenSSL 3.0 reads.</summary>
    public static bool IsKnownKey(string algorithm) => algorithm is "1.2.840.113549.1.1.1" or "1.2.840.113549.1.1.10" or "1.2.840.10040.4.1"
        or "1.2.840.10045.2.1" or "1.3.101.112" or "1.3.101.113";

    private static string? NameOf(string identifier) => identifier switch
    {
        "2.5.29.37.0" => "anyExtendedKeyUsage",
        "1.3.6.1.5.5.7.3.1" => "serverAuth",
        "1.3.6.1.5.5.7.3.2" => "clientAuth",
        "1.3.6.1.5.5.7.3.3" => "codeSigning",
        "1.3.6.1.5.5.7.3.4" => "emailProtection",
        "1.3.6.1.5.5.7.3.8" => "timeStamping",
        "1.3.6.1.5.5.7.3.9" => "OCSPSigning",
        "1.3.6.1.5.5.7.3.5" => "ipsecEndSystem",
        "1.3.6.1.5.5.7.3.17" => "ipsecIKE",
        "1.3.6.1.4.1.311.20.2.2" => "smartcardLogon",
        "1.3.6.1.4.1.311.10.3.4" => "encryptedFileSystem",
        "2.16.840.1.113730.4.1" => "netscapeServerGatedCrypto",
        "1.2.840.113549.1.1.1" => "RSA",
        "1.2.840.113549.1.1.10" => "RSA-PSS",
        "1.2.840.113549.1.1.4" => "MD5 with RSA",
        "1.2.840.113549.1.1.5" => "SHA-1 with RSA",
        "1.2.840.113549.1.1.11" => "SHA-256 with RSA",
        "1.2.840.113549.1.1.12" => "SHA-384 with RSA",
        "1.2.840.113549.1.1.13" => "SHA-512 with RSA",
        "1.2.840.10040.4.1" => "DSA",
        "1.2.840.10040.4.3" => "SHA-1 with DSA",
        "1.2.840.10045.2.1" => "EC",
        "1.2.840.10045.4.1" => "SHA-1 with ECDSA",
        "1.2.840.10045.4.3.2" => "SHA-256 with ECDSA",
        "1.2.840.10045.4.3.3" => "SHA-384 with ECDSA",
        "1.2.840.10045.4.3.4" => "SHA-512 with ECDSA",
        "1.2.840.10045.3.1.7" => "P-256",
        "1.3.132.0.33" => "P-224",
        "1.2.840.10045.3.1.1" => "P-192",
        "1.3.132.0.34" => "P-384",
        "1.3.132.0.35" => "P-521",
        "1.3.132.0.10" => "secp256k1",
        "1.3.36.3.3.2.8.1.1.7" => "brainpoolP256r1",
        "1.3.101.112" => "Ed25519",
        "1.3.101.113" => "Ed448",
        "2.5.29.14" => "subjectKeyIdentifier",
        "2.5.29.15" => "keyUsage",
        "2.5.29.17" => "subjectAltName",
        "2.5.29.19" => "basicConstraints",
        "2.5.29.30" => "nameConstraints",
        "2.5.29.32" => "certificatePolicies",
        "2.5.29.35" => "authorityKeyIdentifier",
        "2.5.29.37" => "extendedKeyUsage",
        _ => null,
    };
}
