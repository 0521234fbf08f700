namespace Countersign.Refusals;

/// <summary>A browser asks with OPTIONS whether another origin may call: that request never carries a certificate.</summary>
public sealed record CorsPreflight(NoCertificateCase Case) : NoCertificateReason(Case)
{
    public const string Name = "not-asked/cors-preflight";

    public static CorsPreflight? Of(NoCertificateCase request) =>
        request.Request is { Method: "OPTIONS", Origin.Length: > 0, PreflightMethod.Length: > 0 } ? new CorsPreflight(request) : null;

    public override string Id => Name;

    public override Blame Blame => Blame.Operator;

    public override string Message =>
        $"the request is a CORS preflight (OPTIONS, Origin {Phrase.Quoted(Case.Request.Origin)}, Access-Control-Request-Method {Phrase.Quoted(Case.Request.PreflightMethod)}): "
        + $"browsers send it without credentials, certificates included (Fetch, section 4.9), and server {Phrase.Server(Case.Addressed)} wants one for every request ({Case.Addressed.Trust.ModeAt})";

    public override IReadOnlyList<Advice> Advice =>
    [
        new(Blame.Operator, $"Ask without insisting, and insist for every method but OPTIONS ({Case.Addressed.Trust.ModeAt})",
            "map \"$request_method:$ssl_client_verify\" $is_refused { default 1; ~^OPTIONS: 0; ~:SUCCESS$ 0; }\n"
            + "ssl_verify_client optional;\nif ($is_refused) { return 403; }"),
        new(Blame.Operator, "Or serve page and API under one origin: then there is no preflight"),
    ];

    private protected override void Explain(Evidence evidence) => evidence
        .Add("method", Case.Request.Method)
        .Add("origin", Case.Request.Origin)
        .Add("access_control_request_method", Case.Request.PreflightMethod)
        .Add("host", Case.Request.Host);
}
