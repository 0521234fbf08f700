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

    /// <summary>Decimal; empty without the extension, and for a number of more than 20 octets, which RFC 5280 does not allow.</summary>
    public string Number { get; init; } = "";

    /// <summary>Upper-case hexadecimal; empty without.</summary>
    public string AuthorityKeyId { get; init; } = "";

    public required string SignatureAlgorithm { get; init; }

    /// <summary>issuingDistributionPoint, as <c>distributionPoint</c> (it names one), <c>onlyContainsUserCerts</c>, <c>onlyContainsCACerts</c>, <c>onlySomeReasons</c>, <c>indirectCRL</c>, <c>onlyContainsAttributeCerts</c>.</summary>
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

    /// <summary>Of a list of changes or of a part of the reasons, certificates or authorities OpenSSL makes nothing by itself.</summary>
    public bool IsWhole => !IsDelta && Scope.Count == 0;

    internal CrlIndex Index { get; init; } = CrlIndex.Empty;

    /// <summary>Its entry for a certificate of its own issuer; null when it is not on it.</summary>
    /// <param name="serial">As <see cref="CertificateFacts.Serial"/>.</param>
    public RevokedEntry? Find(string serial) => CrlReader.Find(Index, serial);

    public bool Equals(CrlFacts? other) => other is not null && Der.Span.SequenceEqual(other.Der.Span);

    public override int GetHashCode() => Issuer.GetHashCode();
}

/// <param name="Reason">RFC 5280's name, <c>keyCompromise</c>; empty when the list does not say.</param>
public sealed record RevokedEntry(DateTimeOffset Since, string Reason);
