namespace Countersign.Refusals;

/// <summary>A person at a browser was asked, and took none.</summary>
public sealed record UserCancelled(NoCertificateCase Case) : NoCertificateReason(Case)
{
    /// <summary>For which a list may be open after a browser has closed its connection to show it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    public const string Name = "not-sent/user-cancelled";

    public static UserCancelled? Of(NoCertificateCase request) =>
        request.Client.IsBrowser && (request.IsSlowAnswer || Choosing(request) is not null) ? new UserCancelled(request) : null;

    public override string Id => Name;

    public override Blame Blame => Blame.Client;

    public override Confidence Confidence => !Case.IsSlowAnswer || Case.IsLongAnswer || Choosing(Case) is not null ? Confidence.Likely : Confidence.Possible;

    public override string Message => Case.IsSlowAnswer
        ? $"{Case.Client.Name} took {Phrase.Time(Case.AnsweredAfter!.Value)} to answer that it has no certificate{RoundTrip}: a person was shown the list of certificates and took none, or a token was not unlocked"
        : $"{Case.Client.Name} closed the connection on which it was asked, at {Evidence.Text(Case.History!.ClosedAt!.Value)}, and came back {Phrase.Time(Choosing(Case)!.Value)} later without a certificate: "
            + "a person was shown the list of certificates in between and took none";

    public override IReadOnlyList<Advice> Advice =>
    [
        new(Blame.Client, "Choose a certificate when the browser asks; it asks again in a new private window or after it is started again"),
        new(Blame.Client, "If the list had nothing to choose from, import the certificate with its key", "openssl pkcs12 -export -inkey client.key -in client-chain.pem -out client.p12"),
    ];

    private string RoundTrip => Case.RoundTrip is { } trip ? $", with a round trip of {Phrase.Time(trip)}" : "";

    private static TimeSpan? Choosing(NoCertificateCase request) =>
        request.History is { ClosedAt: { } closed } history && (history.EmptyAt is null || history.EmptyAt < closed)
            && request.Now - closed is var time && time >= TimeSpan.Zero && time < Patience
            ? time : null;

    private protected override void Explain(Evidence evidence) => evidence
        .Add("closed_to_choose_at", Case.History?.ClosedAt)
        .Add("advertised", AdvertisedList.Texts(Case.Handshake));
}
