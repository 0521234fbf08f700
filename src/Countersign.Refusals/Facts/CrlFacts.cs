namespace Countersign.Refusals;

/// <summary>What a certificate revocation list says, read by <see cref="CrlReader"/>.</summary>
public sealed record CrlFacts
{
    public required ReadOnlyMemory<byte> Der { get; init; }

    public required DistinguishedName Issuer { get; init; }

    public required DateTimeOffset ThisUpdate { get; init; }

    /// <summary>Null for a list without an end.</summary>
    public DateTimeOffset? NextUpdate { get; init; }

    /// <summary>thisUpdate and nextUpdate as they stand in the list; empty where there is none.</summary>
    public (string This, string Next) Update { get; init; } = ("", "");

    /// <summary>Decimal; empty without the extension.</summary>
    public string Number { get; init; } = "";

    /// <summary>Upper-case hexadecimal; empty without.</summary>
    public string AuthorityKeyId { get; init; } = "";

    public required string SignatureAlgorithm { get; init; }

    /// <summary>issuingDistributionPoint, as <c>onlyContainsUserCerts</c>, <c>onlyContainsCACerts</c>, <c>onlySomeReasons</c>, <c>indirectCRL</c>, <c>onlyContainsAttributeCerts</c>.</summary>
    public IReadOnlyList<string> Scope { get; init; } = [];

    /// <summary>A delta CRL: says only what changed.</summary>
    public bool IsDelta { get; init; }

    /// <summary>Object identifiers of all critical extensions.</summary>
    public IReadOnlyList<string> Critical { get; init; } = [];

    /// <summary>How many certificates are on it.</summary>
    public required int Count { get; init; }

    /// <summary>File it was read from.</summary>
    public string File { get; init; } = "";

    public bool IsLapsed(DateTimeOffset now) => NextUpdate is { } end && end < now;

    public bool Covers(CertificateFacts authority) =>
        Issuer.IsSame(authority.Subject)
        && (AuthorityKeyId.Length == 0 || authority.SubjectKeyId.Length == 0 || AuthorityKeyId == authority.SubjectKeyId);

    /// <summary>Its entry for a certificate of its own issuer; null when it is not on it.</summary>
    public RevokedEntry? Find(string serial) => CrlReader.Find(Der, serial);

    public bool Equals(CrlFacts? other) => other is not null && Der.Span.SequenceEqual(other.Der.Span);

    public override int GetHashCode() => Issuer.GetHashCode();
}

/// <param name="Reason">RFC 5280's name, <c>keyCompromise</c>; empty when the list does not say.</param>
public sealed record RevokedEntry(DateTimeOffset Since, string Reason);
