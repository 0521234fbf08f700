namespace Countersign.Refusals;

/// <summary>The client was let in before a reload, and what was loaded since revokes it: its connection ends.</summary>
public sealed record StillConnected(CertificateFacts Certificate, CrlFacts? Crl, RevokedEntry? Entry, string Cause) : Reason
{
    public const string Name = "revocation/still-connected";

    public override string Id => Name;

    public override Blame Blame => Blame.Client;

    public override string Message =>
        $"the client \"{Certificate.Subject}\" (serial {Certificate.Serial}) connected before the last reload and does not pass what was loaded since: {Cause}"
        + (Crl is null ? "" : $"; so says {RevocationText.Of(Crl)}")
        + "; nginx would go on serving it";

    public override IReadOnlyList<Advice> Advice =>
    [
        new(Blame.Client, "Ask for a new certificate with a new key", "openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout client.key -out client.csr -subj /CN=client"),
    ];

    public override void Describe(Evidence evidence) => evidence
        .Add("certificate", Certificate)
        .Add("cause", Cause)
        .Add("revoked", Entry?.Since)
        .Add("revocation_reason", Entry?.Reason)
        .Add("crl_file", Crl?.File)
        .Add("crl_number", Crl?.Number);
}
