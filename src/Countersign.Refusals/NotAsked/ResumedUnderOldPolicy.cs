namespace Countersign.Refusals;

/// <summary>The connection, or the session it resumed, is older than the configuration in force: then nobody was asked.</summary>
public sealed record ResumedUnderOldPolicy(NoCertificateCase Case) : NoCertificateReason(Case)
{
    public const string Name = "not-asked/resumed-under-old-policy";

    public static ResumedUnderOldPolicy? Of(NoCertificateCase request) => request.IsByNewPlan ? new ResumedUnderOldPolicy(request) : null;

    public override string Id => Name;

    public override Blame Blame => Blame.Nobody;

    public override string Message =>
        (Case.IsResumed ? "the client resumed a session" : "the client connected")
        + $" under the configuration before the last reload{(Case.LoadedAt is { } then ? $" (loaded {Evidence.Text(then)})" : "")}, when server {Phrase.Server(Case.Handshake)} had ssl_verify_client {Case.Handshake.Trust.Mode}; "
        + "the one in force wants a certificate, and the client of a connection that is already open cannot be asked; nginx would go on serving it";

    public override IReadOnlyList<Advice> Advice =>
    [
        new(Blame.Client, "Connect again, with the certificate", $"curl --cert client-chain.pem --key client.key {Phrase.Url(Phrase.Paste(Case.Request.Host, Case.Addressed.Name), Case.Addressed.Port)}"),
    ];

    private protected override void Explain(Evidence evidence) => evidence
        .Add("resumed", Case.IsResumed)
        .Add("session_at", Case.SessionAt)
        .Add("configuration_loaded_at", Case.LoadedAt)
        .Add("asked_before", Case.Handshake.Trust.Mode)
        .Add("request_number", Case.Request.Number);
}
