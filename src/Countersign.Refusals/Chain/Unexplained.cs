namespace Countersign.Refusals;

/// <summary>libssl refused the chain with an error that has no better words here.</summary>
public sealed record Unexplained(VerifyError Error, CertificateFacts Certificate) : Reason
{
    public const string Name = "chain/unexplained";

    public override string Id => Name;

    public override Blame Blame => Blame.Client;

    public override Confidence Confidence => Confidence.Possible;

    public override string Message => Error.Depth == VerifyError.UnknownDepth
        ? $"the client resumed a session of \"{Certificate.Subject}\" that libssl had refused with error {Error.Code} ({Error.Name}); a session does not keep what else was sent"
        : $"libssl refused {ChainText.Of(Certificate, Error.Depth)} with error {Error.Code} ({Error.Name}), and nothing that the gate knows says more about it";

    public override IReadOnlyList<Advice> Advice =>
    [
        new(Blame.Operator, "See what openssl says of the same files", "openssl verify -verbose -purpose sslclient -CAfile bundle.pem -untrusted client-chain.pem client.pem"),
    ];

    public override void Describe(Evidence evidence) => evidence
        .Add("certificate", Certificate)
        .Add("code", Error.Code)
        .Add("name", Error.Name)
        .Add("depth", Error.Depth);
}
