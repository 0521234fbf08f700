namespace Countersign.Refusals;

/// <summary>What follows from a finding.</summary>
public enum BundleSeverity
{
    /// <summary>Clients are refused, or the gate does not start.</summary>
    Fault,

    /// <summary>Nobody is refused yet, or only with other things; it should be mended.</summary>
    Warning,

    /// <summary>Good to know; nothing is wrong.</summary>
    Note,
}

/// <summary>One thing about a bundle that is worth a sentence.</summary>
public abstract record BundleFinding
{
    private protected BundleFinding() { }

    /// <summary><c>issuer-missing</c>; stable.</summary>
    public abstract string Id { get; }

    public abstract BundleSeverity Severity { get; }

    /// <summary>One sentence with its facts, without a line feed.</summary>
    public abstract string Message { get; }

    /// <summary>What to do about it; empty when nothing.</summary>
    public virtual string Mend => "";

    /// <summary>The certificates it is about; none when it is about a list or the bundle as a whole.</summary>
    public virtual IReadOnlyList<BundleEntry> About => [];
}
