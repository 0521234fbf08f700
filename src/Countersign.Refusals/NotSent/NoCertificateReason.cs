namespace Countersign.Refusals;

/// <summary>A reason why a request came without the certificate that its server wants.</summary>
public abstract record NoCertificateReason(NoCertificateCase Case) : Reason
{
    /// <summary>Other causes that the same evidence fits, most likely first.</summary>
    public IReadOnlyList<string> Alternatives { get; init; } = [];

    public sealed override void Describe(Evidence evidence)
    {
        Explain(evidence);
        evidence
            .Add("asked", Case.WasAsked)
            .Add("handshake_server", $"{Case.Handshake.Name} ({Case.Handshake.At})")
            .Add("addressed_server", Case.IsLedElsewhere ? $"{Case.Addressed.Name} ({Case.Addressed.At})" : null)
            .Add("answered_after", Case.AnsweredAfter is { } wait ? Phrase.Seconds(wait) : null)
            .Add("round_trip", Case.RoundTrip is { } trip ? Phrase.Seconds(trip) : null)
            .Add("user_agent", Case.Request.UserAgent.Length == 0 ? null : Case.Request.UserAgent)
            .Add("client", Case.Client.Name.Length == 0 ? null : Case.Client.Name)
            .Add("ja4", Case.Hello?.Ja4);
        if (Case is { Status: 421, History: { Leaf: not null } before })
        {
            evidence.Add("sent_before", before.Leaf).Add("sent_before_at", before.LeafAt).Add("sent_before_to", before.LeafServer);
        }
        if (Alternatives.Count > 0)
        {
            evidence.Add("could_also_be", Alternatives);
        }
    }

    /// <summary>The facts that only this reason rests on.</summary>
    private protected abstract void Explain(Evidence evidence);
}
