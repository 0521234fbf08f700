namespace Countersign.Refusals;

/// <summary>What a server of the configuration would have a client do, besides what it trusts.</summary>
public sealed record GateFacts
{
    /// <summary>Its first server_name; <c>_</c> without.</summary>
    public required string Name { get; init; }

    /// <summary>file:line of the server.</summary>
    public required string At { get; init; }

    /// <summary>What it trusts, its ssl_verify_client (<see cref="TrustFacts.Mode"/>) and where those are written.</summary>
    public required TrustFacts Trust { get; init; }

    /// <summary>Where the client came in, for commands to paste.</summary>
    public int Port { get; init; } = 443;

    /// <summary>The same as listen has it: <c>443</c>, <c>192.0.2.1:8443</c>.</summary>
    public string Listen { get; init; } = "443";

    /// <summary>All of its names, as written.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>ssl_protocols as wire versions: 0x0303, 0x0304.</summary>
    public IReadOnlyList<int> Protocols { get; init; } = [];

    /// <summary>ssl_ciphers as written.</summary>
    public string Ciphers { get; init; } = "";

    /// <summary>What it names in ALPN.</summary>
    public IReadOnlyList<string> Alpn { get; init; } = [];

    /// <summary>Its own chain as it is sent, leaf first; empty when it is not known.</summary>
    public IReadOnlyList<CertificateFacts> Chain { get; init; } = [];

    /// <summary>file:line of ssl_certificate; empty without.</summary>
    public string CertificateAt { get; init; } = "";

    /// <summary>ssl_ocsp: off, on, leaf.</summary>
    public string Ocsp { get; init; } = "off";

    /// <summary>ssl_ocsp_responder; empty where each certificate names its own.</summary>
    public string OcspResponder { get; init; } = "";

    /// <summary>file:line of ssl_ocsp; empty without.</summary>
    public string OcspAt { get; init; } = "";

    /// <summary>ssl_reject_handshake on.</summary>
    public bool RejectsHandshakes { get; init; }

    /// <summary>Signature algorithms that the CertificateRequest names, as code points of TLS 1.3 and 1.2 alike; empty when they are not known.</summary>
    public IReadOnlyList<int> SignatureAlgorithms { get; init; } = [];

    /// <summary>Groups for the key exchange (ssl_ecdh_curve) that libssl takes here, as code points; empty without TLS.</summary>
    public IReadOnlyList<int> Groups { get; init; } = [];

    /// <summary>Cipher suites that <see cref="Ciphers"/> comes to, as code points; empty when they are not known.</summary>
    public IReadOnlyList<int> CipherSuites { get; init; } = [];

    /// <summary>The list of authorities as a CertificateRequest had it; null when none was seen yet.</summary>
    public IReadOnlyList<DistinguishedName>? SentNames { get; init; }

    /// <summary>The list of authorities in the CertificateRequest. libssl leaves out a name that it takes for the same as an earlier one.</summary>
    public IReadOnlyList<DistinguishedName> AdvertisedNames => SentNames ??
        [.. Trust.Certificates.Where(one => one.IsAdvertised).Select(one => one.Certificate.Subject).DistinctBy(name => name.Canonical)];

    /// <summary>Bytes of that list: each name's DER and two more.</summary>
    public int AdvertisedBytes => AdvertisedNames.Sum(name => name.Raw.Length + 2);

    public bool Asks => Trust.Mode != "off";
}
