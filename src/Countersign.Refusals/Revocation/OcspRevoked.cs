namespace Countersign.Refusals;

/// <summary>The authority's responder says that a certificate of the path is revoked.</summary>
public sealed record OcspRevoked(OcspInquiry Inquiry, DateTimeOffset? Since, string Why) : Reason
{
    public const string Name = "revocation/ocsp-revoked";

    public override string Id => Name;

    public override Blame Blame => Inquiry.Depth == 0 ? Blame.Client : Blame.Authority;

    public override string Message =>
        $"{Inquiry.Subject} was revoked" + (Since is { } since ? $" on {Evidence.Text(since)}" : "") + (Why.Length == 0 ? "" : $", reason {Why}")
        + $": so says {Inquiry.Asked.TrimEnd(',')}{Inquiry.Period}";

    public override IReadOnlyList<Advice> Advice =>
    [
        Inquiry.Depth == 0
            ? new(Blame.Client, "Ask for a new certificate with a new key", "openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout client.key -out client.csr -subj /CN=client")
            : new(Blame.Client, "Ask for a certificate of another authority of this server"),
        new(Blame.Operator, "If it should not be revoked, ask the authority; see the answer with", Inquiry.Command),
    ];

    public override void Describe(Evidence evidence) => Inquiry.Describe(evidence)
        .Add("revoked", Since)
        .Add("revocation_reason", Why);
}
