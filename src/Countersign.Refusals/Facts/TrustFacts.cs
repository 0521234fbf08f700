namespace Countersign.Refusals;

/// <summary>What a server checks its clients against, and where its configuration says so.</summary>
public sealed record TrustFacts
{
    /// <summary>First server_name.</summary>
    public required string Server { get; init; }

    /// <summary>Of its first listen with TLS, for commands to paste.</summary>
    public int Port { get; init; } = 443;

    /// <summary>ssl_client_certificate and ssl_trusted_certificate.</summary>
    public IReadOnlyList<TrustedCertificate> Certificates { get; init; } = [];

    public IReadOnlyList<CrlFacts> Crls { get; init; } = [];

    /// <summary>ssl_verify_depth.</summary>
    public int Depth { get; init; } = 1;

    /// <summary>on, off, optional or optional_no_ca.</summary>
    public string Mode { get; init; } = "on";

    /// <summary>file:line of ssl_client_certificate; empty where there is none.</summary>
    public string BundleAt { get; init; } = "";

    /// <summary>file:line of ssl_verify_depth, of the server when it is not written.</summary>
    public string DepthAt { get; init; } = "";

    /// <summary>file:line of ssl_crl; empty where CRLs are not asked for.</summary>
    public string CrlAt { get; init; } = "";

    /// <summary>file:line of ssl_verify_client, of the server when it is not written.</summary>
    public string ModeAt { get; init; } = "";

    /// <summary>File of ssl_client_certificate.</summary>
    public string Bundle { get; init; } = "";

    /// <summary>File of ssl_crl; empty where CRLs are not asked for.</summary>
    public string Crl { get; init; } = "";

    /// <summary>What the operator types to have the gate read its files again.</summary>
    public string ReloadCommand { get; init; } = "countersign -s reload";

    public bool ChecksRevocation => Crl.Length > 0;
}

/// <param name="File">It was read from.</param>
/// <param name="IsAdvertised">Its name goes to clients in the CertificateRequest: it stands in ssl_client_certificate.</param>
public sealed record TrustedCertificate(CertificateFacts Certificate, string File, bool IsAdvertised);
