namespace Countersign.Refusals;

/// <summary>What the gate remembers of whoever came before from the same address with the same fingerprint. It may be somebody else behind the same address.</summary>
public sealed record ClientHistory
{
    /// <summary>The last certificate that was accepted or refused; null when none ever came.</summary>
    public CertificateFacts? Leaf { get; init; }

    /// <summary>Its chain as it was sent, leaf first.</summary>
    public IReadOnlyList<CertificateFacts> Chain { get; init; } = [];

    public DateTimeOffset? LeafAt { get; init; }

    /// <summary>The server it was for, by name.</summary>
    public string LeafServer { get; init; } = "";

    /// <summary>TLS version of that handshake: 0x0303, 0x0304.</summary>
    public int LeafVersion { get; init; }

    /// <summary>What it sent, leaf first; without <see cref="Chain"/> the leaf alone.</summary>
    public IReadOnlyList<CertificateFacts> Sent => Chain.Count > 0 || Leaf is null ? Chain : [Leaf];

    /// <summary>The last time it was asked and sent none.</summary>
    public DateTimeOffset? EmptyAt { get; init; }

    /// <summary>How long it then took to say so.</summary>
    public TimeSpan EmptyAfter { get; init; }

    /// <summary>The last time it closed the connection when it was asked, as browsers do to show their list.</summary>
    public DateTimeOffset? ClosedAt { get; init; }
}
