namespace Countersign.Refusals;

/// <summary>The client's certificate is on its authority's revocation list.</summary>
public sealed record Revoked(CertificateFacts Certificate, CrlFacts? Crl, RevokedEntry? Entry) : Reason
{
    public const string Name = "revocation/revoked";

    public override string Id => Name;

    public override Blame Blame => Blame.Client;

    public override string Message =>
        $"the client's certificate \"{Certificate.Subject}\" (serial {Certificate.Serial}) was revoked by \"{Certificate.Issuer}\""
        + (Entry is null ? "" : $" on {Evidence.Text(Entry.Since)}{(Entry.Reason.Length == 0 ? "" : $", reason {Entry.Reason}")}")
        + (Crl is null ? "" : $"; so says {RevocationText.Of(Crl)}");

    public override IReadOnlyList<Advice> Advice =>
    [
        new(Blame.Client, "Ask for a new certificate with a new key", "openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout client.key -out client.csr -subj /CN=client"),
        new(Blame.Operator, "If it should not be on the list, ask the authority; see the entry with", $"openssl storeutl -crls -noout -text {(Crl is null || Crl.File.Length == 0 ? "crl.pem" : ShellWord.Of(Crl.File))} | grep -A3 'Serial Number: {Certificate.Serial}'"),
    ];

    public override void Describe(Evidence evidence) => evidence
        .Add("certificate", Certificate)
        .Add("revoked", Entry?.Since)
        .Add("revocation_reason", Entry?.Reason)
        .Add("crl_file", Crl?.File)
        .Add("crl_number", Crl?.Number)
        .Add("crl_this_update", Crl?.ThisUpdate);
}
