namespace Countersign.Refusals;

/// <summary>The client's own library holds its certificate back: it has ended, or is not for clients.</summary>
public sealed record FilteredByClient(NoCertificateCase Case) : NoCertificateReason(Case)
{
    private const string ClientAuth = "1.3.6.1.5.5.7.3.2";
    private const string AnyUsage = "2.5.29.37.0";

    public const string Name = "not-sent/filtered-by-client";

    public static FilteredByClient? Of(NoCertificateCase request) =>
        request.History?.Leaf is { } leaf && !request.Client.SendsWhatItHas && (HasEnded(leaf, request.Now) || IsForOthers(leaf))
            ? new FilteredByClient(request) : null;

    public override string Id => Name;

    public override Blame Blame => Blame.Client;

    public override Confidence Confidence => Case.Client.Stack is { } stack && (HasEnded(Leaf, Case.Now) ? stack.ChecksTime : stack.ChecksPurpose) ? Confidence.Likely : Confidence.Possible;

    public override string Message =>
        $"the client came with \"{Leaf.Subject}\" at {Evidence.Text(Case.History!.LeafAt ?? Case.Now)} and now sends nothing: "
        + (HasEnded(Leaf, Case.Now)
            ? $"that certificate ended {Evidence.Text(Leaf.NotAfter)}, {Phrase.Time(Case.Now - Leaf.NotAfter)} ago, and many libraries do not send one that has ended"
            : $"that certificate is for {ObjectNames.Of(Leaf.ExtendedKeyUsage ?? [])} and not for clientAuth, and many libraries do not send such a one");

    public override IReadOnlyList<Advice> Advice =>
    [
        HasEnded(Leaf, Case.Now)
            ? new(Blame.Client, "Renew the certificate", "openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout client.key -out client.csr -subj /CN=client")
            : new(Blame.Authority, "Issue it with the client's purpose: in the extensions file of openssl x509 -req or openssl ca", "extendedKeyUsage = clientAuth"),
    ];

    private CertificateFacts Leaf => Case.History!.Leaf!;

    private static bool HasEnded(CertificateFacts leaf, DateTimeOffset now) => leaf.NotAfter < now;

    private static bool IsForOthers(CertificateFacts leaf) => leaf.ExtendedKeyUsage is { } uses && !uses.Contains(ClientAuth) && !uses.Contains(AnyUsage);

    private protected override void Explain(Evidence evidence) => evidence
        .Add("sent_before", Leaf)
        .Add("sent_before_at", Case.History!.LeafAt)
        .Add("not_after", Leaf.NotAfter)
        .Add("extended_key_usage", (Leaf.ExtendedKeyUsage ?? []).Select(ObjectNames.Of));
}
