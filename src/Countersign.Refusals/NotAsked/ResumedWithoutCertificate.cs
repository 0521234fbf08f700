namespace Countersign.Refusals;

/// <summary>A session was resumed that was made without a certificate, and a resumption asks for none.</summary>
public sealed record ResumedWithoutCertificate(NoCertificateCase Case) : NoCertificateReason(Case)
{
    public const string Name = "not-asked/resumed-without-certificate";

    /// <summary>libssl has a session's time in whole seconds, rounded down once more by each resumption.</summary>
    private static readonly TimeSpan Precision = TimeSpan.FromSeconds(2);

    public static ResumedWithoutCertificate? Of(NoCertificateCase request) =>
        request is { IsResumed: true, Leaf: null, IsByNewPlan: false } ? new ResumedWithoutCertificate(request) : null;

    public override string Id => Name;

    public override Blame Blame => Blame.Operator;

    public override string Message =>
        "the client resumed a TLS session" + (Case.SessionAt is { } then ? $" of {Evidence.Text(then)} ({Phrase.Time(Case.Now - then)} ago)" : "")
        + " that was made without a certificate, and a resumed handshake does not ask for one"
        + (Case.SessionAt + Precision < Case.LoadedAt ? $"; the configuration was loaded since, at {Evidence.Text(Case.LoadedAt!.Value)}" : "")
        + $"; server {Phrase.Server(Case.Addressed)} wants one ({Case.Addressed.Trust.ModeAt})";

    public override IReadOnlyList<Advice> Advice =>
    [
        new(Blame.Client, "Start the client again, so that it forgets the session, or connect once without it", "openssl s_client -connect SERVER_NAME:443 -no_ticket -cert client-chain.pem -key client.key"),
        new(Blame.Operator, "A new key for tickets and a new name for the cache end every session that was made before", "ssl_session_cache shared:verified:10m; ssl_session_tickets off;"),
    ];

    private protected override void Explain(Evidence evidence) => evidence
        .Add("session_at", Case.SessionAt)
        .Add("session_age", Case.SessionAt is { } then ? Phrase.Seconds(Case.Now - then) : null)
        .Add("configuration_loaded_at", Case.LoadedAt);
}
