namespace Countersign.Load.Compare;

/// <summary>A row of the table: one figure of each server, taken again in each round.</summary>
internal abstract record Row(string Title, string Unit, Target? Target)
{
    /// <summary>What takes long and hardly varies is taken once.</summary>
    public virtual bool IsTakenOnce => false;

    /// <summary>Whether it says something to divide the figure by the first subject's.</summary>
    public virtual bool IsRelated => true;

    /// <summary>Whether it is also taken of what is no gate of this configuration.</summary>
    public virtual bool IsForPeers => false;

    public virtual bool IsFor(Software software) => IsForPeers || !software.IsPeer;

    /// <summary>Whether a round before the counted ones makes a difference.</summary>
    public virtual bool WarmsUp => false;

    public abstract Gauge Gauge(Bench bench, Subject subject);
}

/// <summary>What a figure is to be at most.</summary>
/// <param name="IsRatio">Related to the first subject; otherwise in the row's unit.</param>
/// <param name="Of">The only subject that it is for; else it is for all but the first and the peers.</param>
internal sealed record Target(double Most, bool IsRatio = true, string? Of = null);
