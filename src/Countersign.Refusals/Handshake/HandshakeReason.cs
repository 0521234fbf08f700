namespace Countersign.Refusals;

/// <summary>A reason why a connection came to no request.</summary>
public abstract record HandshakeReason(HandshakeCase Case) : Reason
{
    /// <summary>Other causes that the same evidence fits, most likely first.</summary>
    public IReadOnlyList<string> Alternatives { get; init; } = [];

    public sealed override void Describe(Evidence evidence)
    {
        Explain(evidence);
        evidence
            .Add("stage", StageName)
            .Add("elapsed", Phrase.Seconds(Case.Elapsed))
            .Add("asked", Case.WasAsked)
            .Add("error", Case.Error.Length == 0 ? null : Case.Error)
            .Add("alert_received", Case.AlertReceived is { } received ? $"{AlertName.Of(received)} ({received})" : null)
            .Add("alert_sent", Case.AlertSent is { } sent ? $"{AlertName.Of(sent)} ({sent})" : null)
            .Add("client", Case.Client.Name.Length == 0 ? null : Case.Client.Name)
            .Add("ja4", Case.Hello?.Ja4);
        if (Alternatives.Count > 0)
        {
            evidence.Add("could_also_be", Alternatives);
        }
    }

    /// <summary>The name to connect by, for a command to paste.</summary>
    private protected string Host => Phrase.Paste(Case.Sni, Case.Server.Name);

    private string StageName => Case.Stage switch
    {
        HandshakeStage.Silent => "silent",
        HandshakeStage.Hello => "hello",
        HandshakeStage.Answered => "answered",
        HandshakeStage.ClientFlight => "client_flight",
        HandshakeStage.Done => "done",
    };

    /// <summary>The facts that only this reason rests on.</summary>
    private protected abstract void Explain(Evidence evidence);
}
