namespace Countersign.Configuration;

/// <summary>ssl_ocsp: before a client's first request is served, its authority's responder is asked whether the certificate is still good.</summary>
public sealed record OcspPlan
{
    /// <summary><c>leaf</c>: nothing is asked about the authorities above the client.</summary>
    public bool LeafOnly { get; init; }

    /// <summary>ssl_ocsp_responder; null takes the one that each certificate names.</summary>
    public OcspResponderPlan? Responder { get; init; }

    /// <summary>ssl_ocsp_cache; null asks each time.</summary>
    public OcspCachePlan? Cache { get; init; }

    /// <summary>There is a resolver directive, which has no effect here: hosts are looked up at the start.</summary>
    public bool HasResolver { get; init; }

    /// <summary>Why nobody can be asked.</summary>
    public ConfigurationProblem? Fault { get; init; }

    public SourcePosition? At { get; init; }
    public SourcePosition? ResponderAt { get; init; }

    /// <summary>Whether who has passed this has passed the other, too.</summary>
    public bool Covers(OcspPlan other) => (!LeafOnly || other.LeafOnly) && Responder?.Url == other.Responder?.Url;
}

/// <summary>Answers of one name are shared by all servers that use the name, and outlast a reload.</summary>
public sealed record OcspCachePlan(string Name, long Size);
