namespace Countersign.Refusals;

/// <summary>An authority between the client and the root was revoked, and with it everybody below it.</summary>
public sealed record CaRevoked(CertificateFacts Certificate, int Depth, CrlFacts? Crl, RevokedEntry? Entry) : Reason
{
    public const string Name = "revocation/ca-revoked";

    public override string Id => Name;

    public override Blame Blame => Blame.Authority;

    public override string Message =>
        $"the authority \"{Certificate.Subject}\" at depth {Depth} (serial {Certificate.Serial}) was revoked by \"{Certificate.Issuer}\""
        + (Entry is null ? "" : $" on {Evidence.Text(Entry.Since)}{(Entry.Reason.Length == 0 ? "" : $", reason {Entry.Reason}")}")
        + (Crl is null ? "" : $"; so says {RevocationText.Of(Crl)}")
        + ": nobody below it is let in";

    public override IReadOnlyList<Advice> Advice =>
    [
        new(Blame.Client, "Ask for a certificate of another authority of this server"),
        new(Blame.Operator, "Take the revoked authority out of the bundle; see what is in it with", "countersign bundle bundle.pem"),
    ];

    public override void Describe(Evidence evidence) => evidence
        .Add("certificate", Certificate)
        .Add("depth", Depth)
        .Add("revoked", Entry?.Since)
        .Add("revocation_reason", Entry?.Reason)
        .Add("crl_file", Crl?.File)
        .Add("crl_number", Crl?.Number)
        .Add("crl_this_update", Crl?.ThisUpdate);
}
