namespace Countersign.Refusals;

/// <summary>A certificate begins later than now: a clock is wrong, or it is used too early.</summary>
public sealed record CertificateNotYetValid(CertificateFacts Certificate, int Depth, DateTimeOffset Now) : Reason
{
    public const string Name = "certificate/not-yet-valid";

    public override string Id => Name;

    public override Blame Blame => Blame.Client;

    public override string Message =>
        $"{ChainText.Of(Certificate, Depth)} is valid from {Evidence.Text(Certificate.NotBefore)}, and the gate's clock says {Evidence.Text(Now)}: {Span.Of(Certificate.NotBefore - Now)} too early";

    public override IReadOnlyList<Advice> Advice =>
    [
        new(Blame.Operator, "Compare the gate's clock with the time; where it is right, the clock of whoever made the certificate was ahead", "timedatectl status || date -u"),
        new(Blame.Client, $"Use it from {Evidence.Text(Certificate.NotBefore)} on; see what the client has with", "openssl x509 -in client.pem -noout -startdate"),
    ];

    public override void Describe(Evidence evidence) => evidence
        .Add("certificate", Certificate)
        .Add("depth", Depth)
        .Add("not_before", Certificate.NotBefore)
        .Add("now", Now)
        .Add("seconds_early", (long)(Certificate.NotBefore - Now).TotalSeconds);
}
