namespace Countersign.Refusals;

/// <summary>A browser was once told to send none, and does not ask again.</summary>
public sealed record RememberedChoice(NoCertificateCase Case) : NoCertificateReason(Case)
{
    public const string Name = "not-sent/remembered-choice";

    public static RememberedChoice? Of(NoCertificateCase request) =>
        request.Client.IsBrowser && !request.IsSlowAnswer && request.History?.EmptyAt is not null ? new RememberedChoice(request) : null;

    public override string Id => Name;

    public override Blame Blame => Blame.Client;

    // The earlier answer came from a person, or nobody knows that it did.
    public override Confidence Confidence => WasChosen ? Confidence.Likely : Confidence.Possible;

    public override string Message =>
        $"{Case.Client.Name} answered at once{(Case.AnsweredAfter is { } wait ? $" ({Phrase.Time(wait)})" : "")} that it has no certificate, as it did at {Evidence.Text(Case.History!.EmptyAt!.Value)}"
        + (Case.History.EmptyAfter >= NoCertificateCase.LongPause ? $" after {Phrase.Time(Case.History.EmptyAfter)}: a person chose none then, and" : ":")
        + " the browser remembers the choice for the server's name until it is started again";

    public override IReadOnlyList<Advice> Advice =>
    [
        new(Blame.Client, "Close all windows of the browser and start it again, or use a private window; then choose the certificate"),
        new(Blame.Client, "Windows: forget the choices of the system", "certutil -ssl -flush; rundll32.exe inetcpl.cpl,ClearSslCache"),
        new(Blame.Client, "Firefox: delete the decision under Settings, Privacy & Security, View Certificates, Authentication Decisions"),
    ];

    private bool WasChosen => Case.History!.EmptyAfter >= NoCertificateCase.LongPause || Case.History.ClosedAt is not null;

    private protected override void Explain(Evidence evidence) => evidence
        .Add("empty_before_at", Case.History!.EmptyAt)
        .Add("empty_before_after", Phrase.Seconds(Case.History.EmptyAfter))
        .Add("closed_to_choose_at", Case.History.ClosedAt);
}
