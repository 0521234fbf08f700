namespace Countersign.Refusals;

/// <summary>Everything that the reason of a refused certificate is found from.</summary>
public sealed record ChainCase
{
    /// <summary>What the client sent, leaf first, without what could not be read; never empty.</summary>
    public required IReadOnlyList<CertificateFacts> Presented { get; init; }

    public required TrustFacts Trust { get; init; }

    /// <summary>libssl's, in its order; never empty.</summary>
    public required IReadOnlyList<VerifyError> Errors { get; init; }

    public required DateTimeOffset Now { get; init; }

    /// <summary>Whether the key of the second signed the first, asked of libcrypto. Costs as much as a handshake's signature: it is counted.</summary>
    public required Func<CertificateFacts, CertificateFacts, bool> IsSigned { get; init; }

    /// <summary>Whether libcrypto can make a key of what the certificate has.</summary>
    public Func<CertificateFacts, bool> IsKeyReadable { get; init; } = static _ => true;

    /// <summary>The other servers of the configuration: a client may belong to one of them.</summary>
    public IReadOnlyList<TrustFacts> OtherServers { get; init; } = [];

    /// <summary>Intermediates that other clients sent.</summary>
    public IReadOnlyList<CertificateFacts> Seen { get; init; } = [];

    /// <summary>What has been done of the work that a refusal may cost; reading counts before.</summary>
    public AnalysisBudget Budget { get; init; } = new();

    public CertificateFacts Leaf => Presented[0];
}
