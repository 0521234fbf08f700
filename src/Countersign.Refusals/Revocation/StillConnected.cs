namespace Countersign.Refusals;

/// <summary>The client was let in before a reload, and does not pass what was loaded since: its connection ends.</summary>
/// <param name="Certificate">Of the client.</param>
/// <param name="Cause">What a client that connects now is told.</param>
public sealed record StillConnected(CertificateFacts Certificate, Reason Cause) : Reason
{
    public const string Name = "revocation/still-connected";

    public override string Id => Name;

    public override Blame Blame => Cause.Blame;

    public override Confidence Confidence => Cause.Confidence;

    public override string Message =>
        $"the client \"{Certificate.Subject}\" (serial {Certificate.Serial}) connected before the last reload and does not pass what was loaded since: {Cause.Message}"
        + "; nginx would go on serving it";

    public override IReadOnlyList<Advice> Advice => Cause.Advice;

    public override void Describe(Evidence evidence) => Cause.Describe(evidence.Add("cause", Cause.Message).Add("cause_id", Cause.Id));
}
