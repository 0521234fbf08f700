namespace Countersign.Refusals;

/// <summary>The client's own certificate ended.</summary>
public sealed record CertificateExpired(CertificateFacts Certificate, DateTimeOffset Now) : Reason
{
    public const string Name = "certificate/expired";

    public override string Id => Name;

    public override Blame Blame => Blame.Client;

    public override string Message =>
        $"the client's certificate \"{Certificate.Subject}\" ended {Evidence.Text(Certificate.NotAfter)}, {Span.Of(Now - Certificate.NotAfter)} before it was used";

    public override IReadOnlyList<Advice> Advice =>
    [
        new(Blame.Client, $"Renew the certificate at \"{Certificate.Issuer}\" and configure the new one; see what the client has with", "openssl x509 -in client.pem -noout -subject -enddate"),
    ];

    public override void Describe(Evidence evidence) => evidence
        .Add("certificate", Certificate)
        .Add("not_after", Certificate.NotAfter)
        .Add("now", Now)
        .Add("seconds_late", (long)(Now - Certificate.NotAfter).TotalSeconds);
}
