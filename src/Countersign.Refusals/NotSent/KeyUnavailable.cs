namespace Countersign.Refusals;

/// <summary>The client looked for its key for a while and had to do without: a PIN, a token, a key store.</summary>
public sealed record KeyUnavailable(NoCertificateCase Case) : NoCertificateReason(Case)
{
    public const string Name = "not-sent/key-unavailable";

    public static KeyUnavailable? Of(NoCertificateCase request) => request.IsSlowAnswer && !request.Client.IsBrowser ? new KeyUnavailable(request) : null;

    public override string Id => Name;

    public override Blame Blame => Blame.Client;

    public override Confidence Confidence => Case.IsLongAnswer && Case.History?.Leaf is not null ? Confidence.Likely : Confidence.Possible;

    public override string Message =>
        $"the client took {Phrase.Time(Case.AnsweredAfter!.Value)} to answer that it has no certificate"
        + (Case.RoundTrip is { } trip ? $", with a round trip of {Phrase.Time(trip)}" : "")
        + ": it waited for something, such as a PIN, a token, an agent or a person, and did not get it"
        + (Case.History is { Leaf: { } leaf, LeafAt: { } then } ? $"; at {Evidence.Text(then)} it came with \"{leaf.Subject}\"" : "");

    public override IReadOnlyList<Advice> Advice =>
    [
        new(Blame.Client, "See that the token is there and its key can be used", "pkcs11-tool --list-objects --type privkey --login"),
        new(Blame.Client, "Or that the program may read the key and needs no pass phrase for it", "openssl pkey -in client.key -noout -check"),
    ];

    private protected override void Explain(Evidence evidence) => evidence
        .Add("sent_before", Case.History?.Leaf)
        .Add("sent_before_at", Case.History?.LeafAt);
}
