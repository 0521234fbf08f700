namespace Countersign.Refusals;

/// <summary>The request was sent as early data (0-RTT), before its connection could authenticate a client.</summary>
public sealed record EarlyData(NoCertificateCase Case) : NoCertificateReason(Case)
{
    public const string Name = "not-asked/early-data";

    public static EarlyData? Of(NoCertificateCase request) => request.Request.IsEarly ? new EarlyData(request) : null;

    public override string Id => Name;

    public override Blame Blame => Blame.Network;

    public override Confidence Confidence => Case.History?.Leaf is null ? Confidence.Possible : Confidence.Likely;

    public override string Message =>
        "the request has \"Early-Data: 1\": what is in front of the gate took it before the handshake with its client was done (0-RTT), when no client certificate can have come, "
        + "and passed it on without one"
        + (Case.History is { Leaf: { } leaf, LeafAt: { } then } ? $"; at {Evidence.Text(then)} the same client came with \"{leaf.Subject}\"" : "");

    public override IReadOnlyList<Advice> Advice =>
    [
        new(Blame.Network, "Turn early data off in front of the gate", "ssl_early_data off;"),
        new(Blame.Operator, "Or have the request sent again once the handshake is done (RFC 8470, section 5.2)", "if ($http_early_data = 1) { return 425; }"),
    ];

    private protected override void Explain(Evidence evidence) => evidence
        .Add("early_data", Case.Request.IsEarly)
        .Add("hello_offers_early_data", Case.Hello?.HasEarlyData ?? false)
        .Add("sent_before", Case.History?.Leaf);
}
