namespace Countersign.Refusals;

/// <summary>
/// What a ClientHello says (RFC 8446 section 4.1.2, RFC 5246 section 7.4.1.2), read from its bytes by <see cref="ClientHelloReader"/>: code points
/// as numbers, in the client's order, those of GREASE (RFC 8701) left out. Nothing here decides.
/// </summary>
public sealed record ClientHelloFacts
{
    /// <summary>As offered: supported_versions, or the one version of an older client. 0x0304 is TLS 1.3.</summary>
    public required IReadOnlyList<int> Versions { get; init; }

    /// <summary>server_name; null without one.</summary>
    public string? ServerName { get; init; }

    public IReadOnlyList<string> Alpn { get; init; } = [];

    public IReadOnlyList<int> CipherSuites { get; init; } = [];

    public IReadOnlyList<int> Groups { get; init; } = [];

    /// <summary>signature_algorithms: what the client takes from others, and as a rule what it can sign itself.</summary>
    public IReadOnlyList<int> SignatureAlgorithms { get; init; } = [];

    /// <summary>signature_algorithms_cert; empty without.</summary>
    public IReadOnlyList<int> CertificateSignatureAlgorithms { get; init; } = [];

    /// <summary>All extensions in their order.</summary>
    public IReadOnlyList<int> Extensions { get; init; } = [];

    /// <summary>Offers to resume: a ticket, a pre-shared key, or a session id where TLS 1.3 is not spoken.</summary>
    public bool OffersSession { get; init; }

    public bool HasEarlyData { get; init; }

    public bool HasPostHandshakeAuth { get; init; }

    /// <summary>encrypted_client_hello (0xfe0d): the name that is seen may not be the one that is meant.</summary>
    public bool HasEncryptedHello { get; init; }

    /// <summary>Fingerprint of the stack (JA4 by FoxIO): <c>t13d1516h2_8daaf6152771_b186095e22b6</c>.</summary>
    public required string Ja4 { get; init; }

    /// <summary>The capture ended before the hello did: a fact that is absent may have been there.</summary>
    public bool IsCut { get; init; }
}
