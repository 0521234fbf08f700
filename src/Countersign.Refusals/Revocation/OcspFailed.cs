namespace Countersign.Refusals;

/// <summary>ssl_ocsp wants to know whether a certificate is still good, and nobody has given an answer that counts.</summary>
public sealed record OcspFailed(OcspInquiry Inquiry, string Failure) : Reason
{
    public const string Name = "revocation/ocsp-failed";

    public override string Id => Name;

    public override Blame Blame => Blame.Operator;

    public override string Message =>
        $"ssl_ocsp ({Inquiry.AskedAt}) got no answer about {Inquiry.Subject}{From}: {ChainText.Printable(Failure)}; "
        + "nothing else is wrong with it, and without an answer nobody is let in";

    public override IReadOnlyList<Advice> Advice =>
    [
        HasNobodyToAsk
            ? new(Blame.Operator, "Name the responder yourself: it is looked up at the start, while names in certificates are not looked up at all", "ssl_ocsp_responder http://ocsp.example/;")
            : new(Blame.Operator, "Look whether the responder runs, can be reached from here, and signs as the certificate's issuer, with", Inquiry.Command),
        new(Blame.Operator, "Keep answers while they hold, so that a short outage of the responder goes unnoticed", "ssl_ocsp_cache shared:ocsp:1m;"),
    ];

    private string From => Inquiry.Responder.Length == 0 ? "" : $" from {Inquiry.Asked.TrimEnd(',')}";

    private bool HasNobodyToAsk => Inquiry.Responder.Length == 0 || Failure.StartsWith("no resolver", StringComparison.Ordinal);

    public override void Describe(Evidence evidence) => Inquiry.Describe(evidence)
        .Add("failure", Failure);
}
