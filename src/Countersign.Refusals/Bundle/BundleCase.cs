namespace Countersign.Refusals;

/// <summary>Certificates that are trusted together, and what is asked about them.</summary>
public sealed record BundleCase
{
    /// <summary>In the order of their files.</summary>
    public required IReadOnlyList<BundleItem> Items { get; init; }

    public IReadOnlyList<CrlFacts> Crls { get; init; } = [];

    /// <summary>Every authority needs a revocation list: ssl_crl is written.</summary>
    public bool ChecksRevocation { get; init; }

    public IReadOnlyList<BundleFault> Faults { get; init; } = [];

    public required DateTimeOffset Now { get; init; }

    /// <summary>Whether the key of the second signed the first, asked of libcrypto. It is counted.</summary>
    public required Func<CertificateFacts, CertificateFacts, bool> IsSigned { get; init; }

    /// <summary>What ends within this time is told before it does.</summary>
    public TimeSpan Soon { get; init; } = TimeSpan.FromDays(30);

    public static BundleCase Of(IEnumerable<BundleFile> files, DateTimeOffset now, Func<CertificateFacts, CertificateFacts, bool> isSigned)
    {
        var all = files.ToList();
        return new BundleCase
        {
            Items = [.. all.SelectMany(file => file.Certificates)],
            Crls = [.. all.SelectMany(file => file.Crls)],
            Faults = [.. all.SelectMany(file => file.Faults)],
            ChecksRevocation = all.Any(file => file.Crls.Count > 0),
            Now = now,
            IsSigned = isSigned,
        };
    }
}
