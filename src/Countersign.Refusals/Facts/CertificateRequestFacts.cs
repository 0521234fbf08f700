namespace Countersign.Refusals;

/// <summary>
/// What a server asks of its clients (RFC 8446 section 4.3.2, RFC 5246 section 7.4.4), read from the message by <see cref="CertificateRequestReader"/>:
/// code points as numbers, in the server's order.
/// </summary>
public sealed record CertificateRequestFacts
{
    public required bool IsTls13 { get; init; }

    /// <summary>Of the whole message. Above 16 KB it needs a second TLS record, which some clients do not put together.</summary>
    public required int Length { get; init; }

    /// <summary>Subjects of the authorities whose certificates are taken; empty when any are.</summary>
    public IReadOnlyList<DistinguishedName> Authorities { get; init; } = [];

    /// <summary>Entries of that list that are no names.</summary>
    public int UnreadableAuthorities { get; init; }

    /// <summary>Bytes of the list: each name's DER and two more. It ends at 64 KB.</summary>
    public int AuthorityBytes { get; init; }

    /// <summary>What a client may sign with; empty in TLS 1.1 and below.</summary>
    public IReadOnlyList<int> SignatureAlgorithms { get; init; } = [];

    /// <summary>signature_algorithms_cert; empty without.</summary>
    public IReadOnlyList<int> CertificateSignatureAlgorithms { get; init; } = [];

    /// <summary>ClientCertificateType of TLS 1.2: 1 is rsa_sign, 64 ecdsa_sign; empty in TLS 1.3, which has none.</summary>
    public IReadOnlyList<int> CertificateTypes { get; init; } = [];
}
