namespace Countersign.Refusals;

/// <summary>The client ended the connection by itself, and did not say why.</summary>
public sealed record ClientGaveUp(HandshakeCase Case) : HandshakeReason(Case)
{
    private const int InternalError = 80, UserCanceled = 90, CloseNotify = 0;

    public const string Name = "handshake/client-gave-up";

    public static ClientGaveUp? Of(HandshakeCase handshake) =>
        handshake.End == HandshakeEnd.Closed || handshake.FirstAlert is not null || handshake.AlertReceived is CloseNotify or InternalError or UserCanceled
            || (handshake.End == HandshakeEnd.Reset && handshake.Stage == HandshakeStage.Silent)
            ? new ClientGaveUp(handshake) : null;

    public override string Id => Name;

    public override Blame Blame => Case.Stage is HandshakeStage.Silent or HandshakeStage.Done ? Blame.Nobody : Blame.Client;

    // That it did is certain; why it did is not, unless nothing had been said yet.
    public override Confidence Confidence =>
        Case.FirstAlert is not null ? Confidence.Proved : Case.Stage == HandshakeStage.Silent ? Confidence.Likely : Confidence.Possible;

    public override string Message => $"the client {How} {Phrase.Time(Case.Elapsed)} after it came, {When}";

    public override IReadOnlyList<Advice> Advice => Case.Stage == HandshakeStage.Silent
        ?
        [
            new(Blame.Nobody, "Nothing, if it is a health check of a balancer, which may make a whole request instead", $"curl --cacert server-root.pem {Phrase.Url(Host, Case.Server.Port)}"),
            new(Blame.Client, "If it is a client with a certificate, see that openssl can use its files: a key of another certificate, a wrong pass phrase or a weak algorithm ends it before its first byte",
                "openssl x509 -in client.pem -noout -pubkey | openssl sha256; openssl pkey -in client.key -pubout | openssl sha256"),
        ]
        :
        [
            new(Blame.Client, "See the client's own log; and how far openssl gets with the same files", $"openssl s_client {Phrase.Connect(Host, Case.Server.Port)} -cert client-chain.pem -key client.key </dev/null"),
        ];

    private string How => Case.AlertReceived switch
    {
        _ when Case.FirstAlert is { } alert => $"sent the alert {AlertName.Of(alert)} ({alert}) in the place of a ClientHello",
        InternalError => "failed in itself (internal_error, alert 80)",
        UserCanceled => "was stopped by its user (user_canceled, alert 90)",
        _ => Case.End == HandshakeEnd.Reset ? "reset the connection" : "closed the connection",
    };

    private string When => Case.FirstAlert is not null
        ? "so its own settings let it make none: no version, cipher suite or group is left of them that it can offer"
        : Case.Stage switch
    {
        HandshakeStage.Silent => "and had not sent a byte: a check whether the port is open, or a client that failed before it could begin",
        HandshakeStage.Hello => "in the middle of its ClientHello",
        HandshakeStage.Answered => $"when server {Phrase.Server(Case.Server)} had shown its certificate"
            + (Case.WasAsked ? " and asked for the client's: it may distrust the one or be unable to use the other" : ": it may distrust it"),
        HandshakeStage.ClientFlight => "in the middle of its own certificate or signature",
        HandshakeStage.Done => "with the handshake done and no request",
    };

    private protected override void Explain(Evidence evidence) => evidence
        .Add("first_alert", Case.FirstAlert is { } alert ? $"{AlertName.Of(alert)} ({alert})" : null)
        .Add("reset", Case.End == HandshakeEnd.Reset)
        .Add("bytes_seen", !Case.FirstBytes.IsEmpty)
        .Add("proxy_protocol", Case.HasProxyHeader);
}
