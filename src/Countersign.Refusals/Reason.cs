namespace Countersign.Refusals;

/// <summary>
/// Why someone was turned away: one record for each id, in the folder that the id begins with. Its properties are the evidence; message and advice
/// are made of them, so that none can say what was not seen. Ids are stable: logs, dashboards and docs/refusals use them.
/// </summary>
public abstract record Reason
{
    private protected Reason() { }

    /// <summary><c>chain/missing-intermediate</c>. Also a constant <c>Name</c> of the type.</summary>
    public abstract string Id { get; }

    public abstract Blame Blame { get; }

    public virtual Confidence Confidence => Confidence.Proved;

    /// <summary>One plain sentence with the facts of both sides, without a line feed.</summary>
    public abstract string Message { get; }

    /// <summary>What to change, most useful first; at least one.</summary>
    public abstract IReadOnlyList<Advice> Advice { get; }

    /// <summary>Certificates that it rests on and that were neither sent nor are trusted: without them nobody could come to it again.</summary>
    public virtual IReadOnlyList<CertificateFacts> FoundElsewhere => [];

    /// <summary>Gives every fact that the reason rests on a name.</summary>
    public abstract void Describe(Evidence evidence);
}
