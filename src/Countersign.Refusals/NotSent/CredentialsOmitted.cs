namespace Countersign.Refusals;

/// <summary>A page's script, font or manifest was fetched without credentials: browsers use a connection without certificate for it.</summary>
public sealed record CredentialsOmitted(NoCertificateCase Case) : NoCertificateReason(Case)
{
    public const string Name = "not-sent/credentials-omitted";

    public static CredentialsOmitted? Of(NoCertificateCase request) =>
        request.Request.FetchMode == "cors" && (request.Request.Origin.Length > 0 || IsAnonymous(request)) ? new CredentialsOmitted(request) : null;

    public override string Id => Name;

    public override Blame Blame => Blame.Client;

    // A fetch with credentials has the same headers.
    public override Confidence Confidence => IsAnonymous(Case) || Case.History?.Leaf is not null ? Confidence.Likely : Confidence.Possible;

    public override string Message =>
        $"the request is a fetch of a page (Sec-Fetch-Mode \"cors\", Sec-Fetch-Dest {Phrase.Quoted(Case.Request.FetchDestination)}{Origin}): "
        + (IsAnonymous(Case) ? "browsers fetch that kind without credentials" : "without \"credentials: include\" browsers send none to another origin")
        + ", and a certificate is one of them"
        + (Case.History is { Leaf: { } leaf, LeafAt: { } then } ? $"; the same client came with \"{leaf.Subject}\" at {Evidence.Text(then)}" : "");

    public override IReadOnlyList<Advice> Advice =>
    [
        new(Blame.Client, "In the page, ask for credentials", IsAnonymous(Case) ? "crossorigin=\"use-credentials\"" : "fetch(url, { credentials: \"include\" })"),
        new(Blame.Operator, "And allow it in the answer: the origin by name, not *", Case.Request.Origin.Length > 0
            ? "add_header Access-Control-Allow-Origin $http_origin always; add_header Access-Control-Allow-Credentials true always;" : null),
    ];

    private string Origin => Case.Request.Origin.Length > 0 ? $", Origin {Phrase.Quoted(Case.Request.Origin)}" : "";

    private static bool IsAnonymous(NoCertificateCase request) => request.Request.FetchDestination is "font" or "manifest";

    private protected override void Explain(Evidence evidence) => evidence
        .Add("sec_fetch_mode", Case.Request.FetchMode)
        .Add("sec_fetch_dest", Case.Request.FetchDestination)
        .Add("origin", Case.Request.Origin)
        .Add("host", Case.Request.Host)
        .Add("sent_before", Case.History?.Leaf)
        .Add("sent_before_at", Case.History?.LeafAt);
}
