namespace Countersign.Refusals;

/// <summary>What a certificate is to the others of its bundle.</summary>
public enum BundleRole
{
    /// <summary>An authority that signed itself: where a path may end.</summary>
    Root,

    /// <summary>An authority that another one signed.</summary>
    Intermediate,

    /// <summary>Another certificate of an authority that the bundle also has by another issuer, or under its own old key.</summary>
    CrossSigned,

    /// <summary>No authority.</summary>
    Leaf,

    Unreadable,
}

/// <summary>One certificate of a bundle and its place among the others.</summary>
public sealed class BundleEntry
{
    private readonly List<BundleEntry> _issued = [];

    internal BundleEntry(BundleItem item, int index) => (Item, Index) = (item, index);

    public BundleItem Item { get; }

    /// <summary>Counted from 0 over all files.</summary>
    public int Index { get; }

    /// <summary>Null for what could not be read.</summary>
    public CertificateFacts? Certificate => Item.Certificate;

    public BundleRole Role { get; internal set; } = BundleRole.Unreadable;

    /// <summary>The same bytes came before.</summary>
    public BundleEntry? DuplicateOf { get; internal set; }

    /// <summary>It signed itself.</summary>
    public bool IsSelfSigned { get; internal set; }

    /// <summary>Those of the bundle whose key signed it; never itself.</summary>
    public IReadOnlyList<BundleEntry> Issuers { get; internal set; } = [];

    /// <summary>Those of the bundle that it signed; never itself.</summary>
    public IReadOnlyList<BundleEntry> Issued => _issued;

    /// <summary>Other certificates of the bundle with its name and its key.</summary>
    public IReadOnlyList<BundleEntry> Renewals { get; internal set; } = [];

    /// <summary>
    /// Certificates on the shortest way up to one that signed itself, which has 0: the ssl_verify_depth that clients right below an authority need.
    /// Null when no way ends there.
    /// </summary>
    public int? Depth { get; internal set; }

    /// <summary>Lists of its name and key; empty where none was asked for.</summary>
    public IReadOnlyList<CrlFacts> Crls { get; internal set; } = [];

    /// <summary>What its name takes in the list that goes to clients; 0 when an equal name came before.</summary>
    public int AdvertisedBytes { get; internal set; }

    /// <summary>Can stand in a path above another certificate.</summary>
    public bool IsAuthority => Role is BundleRole.Root or BundleRole.Intermediate or BundleRole.CrossSigned;

    /// <summary><c>clients.pem:3</c>, the third certificate of the file.</summary>
    public string Place => $"{Item.File}:{Item.Number}";

    /// <summary>Its subject and place.</summary>
    public override string ToString() => Certificate is null ? Place : $"\"{Certificate.Subject}\" ({Place})";

    internal void Add(BundleEntry issued) => _issued.Add(issued);
}
