namespace Countersign.Refusals;

/// <summary>
/// What a certificate says, read from its DER by <see cref="CertificateReader"/>. Nothing here is verified, and nothing here decides: it is for
/// sentences about a decision that libssl took.
/// </summary>
public sealed record CertificateFacts
{
    public required ReadOnlyMemory<byte> Der { get; init; }

    /// <summary>Of the whole certificate: 64 lower-case hexadecimal digits, as <c>openssl x509 -fingerprint -sha256</c> without colons.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Of the SubjectPublicKeyInfo; the same digits.</summary>
    public required string PublicKeySha256 { get; init; }

    /// <summary>1 to 3.</summary>
    public required int Version { get; init; }

    /// <summary>Upper-case hexadecimal, as nginx's $ssl_client_serial.</summary>
    public required string Serial { get; init; }

    public required DistinguishedName Subject { get; init; }

    public required DistinguishedName Issuer { get; init; }

    /// <summary>The least moment where it is no time at all.</summary>
    public required DateTimeOffset NotBefore { get; init; }

    /// <summary>The greatest moment where it is no time at all.</summary>
    public required DateTimeOffset NotAfter { get; init; }

    /// <summary>notBefore and notAfter as they stand in the certificate: <c>260101000000Z</c>.</summary>
    public (string NotBefore, string NotAfter) Validity { get; init; } = ("", "");

    /// <summary>Object identifier of the key's algorithm, <c>1.2.840.10045.2.1</c>.</summary>
    public required string KeyAlgorithm { get; init; }

    /// <summary>Of an RSA modulus or the field of a named curve; 0 where it does not say.</summary>
    public required int KeyBits { get; init; }

    /// <summary>Of an RSA key's public exponent; 0 for other keys.</summary>
    public int ExponentBits { get; init; }

    /// <summary>A DSA key without parameters of its own: they are its issuer's, and OpenSSL does not look there.</summary>
    public bool InheritsParameters { get; init; }

    /// <summary>Object identifier of a named curve; empty for other keys, and for curves given by their parameters.</summary>
    public string Curve { get; init; } = "";

    /// <summary>Object identifier.</summary>
    public required string SignatureAlgorithm { get; init; }

    /// <summary>Upper-case hexadecimal; empty without the extension.</summary>
    public string SubjectKeyId { get; init; } = "";

    /// <summary>keyIdentifier of the authority key identifier, upper-case hexadecimal; empty without.</summary>
    public string AuthorityKeyId { get; init; } = "";

    /// <summary>Null without the extension.</summary>
    public BasicConstraintsFacts? BasicConstraints { get; init; }

    /// <summary>Null without the extension; otherwise RFC 5280's names: digitalSignature, keyCertSign, cRLSign...</summary>
    public IReadOnlyList<string>? KeyUsage { get; init; }

    /// <summary>Null without the extension; otherwise object identifiers.</summary>
    public IReadOnlyList<string>? ExtendedKeyUsage { get; init; }

    public AlternativeNameFacts AlternativeNames { get; init; } = AlternativeNameFacts.None;

    /// <summary>caIssuers of the authority information access.</summary>
    public IReadOnlyList<string> IssuerUrls { get; init; } = [];

    public IReadOnlyList<string> OcspUrls { get; init; } = [];

    public IReadOnlyList<string> CrlUrls { get; init; } = [];

    /// <summary>Null without the extension.</summary>
    public NameConstraintFacts? NameConstraints { get; init; }

    /// <summary>Object identifiers of the certificate policies.</summary>
    public IReadOnlyList<string> Policies { get; init; } = [];

    /// <summary>Object identifiers of all critical extensions.</summary>
    public IReadOnlyList<string> Critical { get; init; } = [];

    /// <summary>Extensions whose content is no DER of their kind, by object identifier.</summary>
    public IReadOnlyList<string> Unreadable { get; init; } = [];

    /// <summary>Names its own subject as its issuer; whether it signed itself is another question.</summary>
    public bool IsSelfIssued => Subject.IsSame(Issuer);

    /// <summary>As OpenSSL has it: basicConstraints say so, or a version 1 certificate that is self-issued.</summary>
    public bool IsAuthority => BasicConstraints?.IsAuthority ?? (Version == 1 && IsSelfIssued);

    public bool IsInTime(DateTimeOffset now) => NotBefore <= now && now <= NotAfter;

    public bool IsSame(CertificateFacts other) => Der.Span.SequenceEqual(other.Der.Span);

    /// <summary>Whether its names point at that issuer: subject and, where both have one, key identifier.</summary>
    public bool IsIssuedBy(CertificateFacts issuer) =>
        Issuer.IsSame(issuer.Subject)
        && (AuthorityKeyId.Length == 0 || issuer.SubjectKeyId.Length == 0 || AuthorityKeyId == issuer.SubjectKeyId);

    public bool Equals(CertificateFacts? other) => other is not null && IsSame(other);

    public override int GetHashCode() => Sha256.GetHashCode(StringComparison.Ordinal);
}

/// <param name="PathLength">Intermediates allowed below it; null without a limit.</param>
public sealed record BasicConstraintsFacts(bool IsAuthority, int? PathLength);

/// <summary>subjectAltName. Addresses are texts: <c>192.0.2.1</c>.</summary>
public sealed record AlternativeNameFacts(
    IReadOnlyList<string> Dns, IReadOnlyList<string> Uri, IReadOnlyList<string> Email, IReadOnlyList<string> Ip, int Others)
{
    public static AlternativeNameFacts None { get; } = new([], [], [], [], 0);

    public IReadOnlyList<DistinguishedName> Directory { get; init; } = [];
}

/// <summary>Each as <c>DNS:example.com</c>, <c>email:example.com</c>, <c>IP:192.0.2.0/24</c>, <c>URI:...</c>, <c>DirName:...</c>.</summary>
public sealed record NameConstraintFacts(IReadOnlyList<string> Permitted, IReadOnlyList<string> Excluded)
{
    /// <summary>The same as <see cref="Permitted"/>, to be compared with.</summary>
    public IReadOnlyList<GeneralName> PermittedTrees { get; init; } = [];

    public IReadOnlyList<GeneralName> ExcludedTrees { get; init; } = [];
}
